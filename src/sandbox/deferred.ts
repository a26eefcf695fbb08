/** Returns a promise with the functions that settle it. */
export function createDeferred<Value>() {
  let resolve!: (value: Value) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<Value>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  // It may be rejected although no caller waits for it, such as a command that is lost with the sandbox.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
