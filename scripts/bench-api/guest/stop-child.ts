import type { ChildProcess } from 'node:child_process';

/** Returns a function that ends a child: with SIGTERM, and with SIGKILL if that does not end it within the limit. */
export function stopperOf(child: ChildProcess, limitMilliseconds: number): () => Promise<void> {
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  return async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMilliseconds);
    await ended;
    clearTimeout(timer);
  };
}
