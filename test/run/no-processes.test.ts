import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';

let program: string;

/**
 * A program that runs tools with one runner, before, while and after no process can be started. Another process, which
 * can start some, sets the limits of this one and of its shell.
 */
const source = `
  import { spawn } from 'node:child_process';
  import { once } from 'node:events';
  import { runThroughPipes } from './src/run/pipe-runner.ts';
  import { createThisNode } from './src/run/this-node.ts';
  const options = { sudo: false, timeoutMilliseconds: 10_000 };
  const piped = { run: command => runThroughPipes(command, options), end() {} };
  const runner = process.argv[2];
  const node = runner === 'pipes' ? piped : createThisNode({ runner, ...options });
  const run = (...argv) =>
    node.run({ argv, input: 'input' }).catch(({ code, message, evidence, stack }) =>
      code === 'machine-limit' ? { code, message, evidence } : { stack });
  const parent = (await run('sh', '-c', 'echo $PPID')).stdout.trim();
  const set = 'for pid in $0 $1; do prlimit --pid $pid --nproc=$limit: 2>&-; done';
  const limiter = spawn(
    'sh',
    ['-c', 'while read -r limit; do ' + set + '; echo; done', String(process.pid), parent],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const limit = async count => {
    limiter.stdin.write(count + '\\n');
    await once(limiter.stdout, 'data');
  };
  await limit('0');
  const limited = [];
  for (let count = 0; count < 4; count += 1) limited.push(await run('cat'));
  // Enough for a shell, and not for what it starts.
  const few = new Set();
  for (let count = 1; count < 40; count += 1) {
    await limit(String(count));
    const { code, exitCode, stack } = await run('cat');
    few.add(code ?? exitCode ?? stack);
  }
  await limit('1000');
  console.log(JSON.stringify({ limited, few: [...few], after: await run('cat') }));
  limiter.stdin.end();
  await node.end();`;

beforeAll(async () => {
  const built = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL('../..', import.meta.url)), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  program = built.outputFiles[0]?.text ?? '';
});

/** Runs the program as an ordinary user: root may start processes beyond the limit. */
function play(runner: string): object {
  const ordinary = process.getuid?.() === 0 ? ['setpriv', '--reuid=64321', '--regid=64321', '--clear-groups'] : ['env'];
  const [command = '', ...words] = [...ordinary, process.execPath, '--input-type=module', '-', runner];
  const stdout = execFileSync(command, words, { encoding: 'utf8', input: program, stdio: ['pipe', 'pipe', 'inherit'] });
  return JSON.parse(stdout) as object;
}

describe.each(['direct', 'shell', 'shell-first', 'pipes'])('the %s runner', runner => {
  test('says that no process can be started, and starts one when it is over', () => {
    const message = expect.stringMatching(/ cannot be started: no more processes can be started$/);
    const limited = { code: 'machine-limit', message, evidence: expect.stringMatching(/EAGAIN|fork/) };
    const played = play(runner);
    // How many processes another user has already is not known.
    if (process.getuid?.() === 0) expect(played).toMatchObject({ few: ['machine-limit', 0] });
    expect(played).toMatchObject({
      limited: [limited, limited, limited, limited],
      after: { stdout: 'input', stderr: '', exitCode: 0 },
    });
  });
});
