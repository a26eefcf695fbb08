import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Lets this process open no more files until the returned function is called. Another process sets the limit, because
 * this one cannot start any then.
 */
export async function limitOpenFiles(): Promise<() => Promise<void>> {
  const script = `while read -r limit; do prlimit --pid ${process.pid} --nofile=$limit:; echo; done`;
  const before = execFileSync('sh', ['-c', 'ulimit -S -n'], { encoding: 'utf8' }).trim();
  const limiter = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const limit = async (count: string) => {
    limiter.stdin.write(`${count}\n`);
    await once(limiter.stdout, 'data');
  };
  await limit('3');
  return async () => {
    await limit(before);
    limiter.stdin.end();
  };
}
