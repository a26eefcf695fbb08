/** Returns the result, or `late` if there is none within the limit. The work goes on then. */
export async function withinTime<Result>(work: PromiseLike<Result>, milliseconds: number): Promise<Result | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<'late'>(resolve => {
    timer = setTimeout(resolve, milliseconds, 'late');
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
