/** Returns the work's result. If the limit passes first, returns the result of `onLimit`, or throws its error. */
export async function withinLimit<Result>(
  work: Promise<Result>,
  milliseconds: number,
  onLimit: () => Result | Promise<Result>,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>(resolve => {
    timer = setTimeout(resolve, milliseconds);
  }).then(onLimit);
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
