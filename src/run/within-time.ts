/** Waits for a result, but no longer than the limit. Returns `late` if there is none by then; the work itself goes on. */
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
