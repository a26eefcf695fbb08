/** The result, or `hangs` where there is none by then. */
export async function withinTime<Result>(work: Promise<Result>, milliseconds: number): Promise<Result | 'hangs'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'hangs'>(resolve => {
    timer = setTimeout(resolve, milliseconds, 'hangs');
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
