import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Terminal, TerminalOptions } from '../../src/sandbox/sandbox.js';
import { output, useSandbox } from './support/guest.js';
import { eventually, processesWith } from './support/processes.js';

const sandbox = useSandbox();

/** A terminal in the guest, with what it shows. */
interface Opened extends Terminal {
  text(): string;
  /** Waits until the terminal shows what matches, for a minute. */
  until(pattern: RegExp): Promise<void>;
}

function open(argv: readonly string[], options: Partial<TerminalOptions> = {}): Opened {
  const chunks: Buffer[] = [];
  const changed = new EventTarget();
  const terminal = sandbox().openTerminal(argv, {
    size: { columns: 80, rows: 24 },
    ...options,
    onOutput: bytes => {
      chunks.push(Buffer.from(bytes));
      changed.dispatchEvent(new Event('output'));
    },
  });
  const text = () => Buffer.concat(chunks).toString();
  return {
    ...terminal,
    text,
    async until(pattern) {
      const signal = AbortSignal.timeout(60_000);
      while (!pattern.test(text()))
        await once(changed, 'output', { signal }).catch(() => {
          throw new Error(`nothing matches ${pattern} in ${JSON.stringify(text().slice(-2_000))}`);
        });
    },
  };
}

const shell = (script: string, options: Partial<TerminalOptions> = {}) => open(['sh', '-c', script], options);

/** Waits until so many processes with this text in their command lines run. */
async function running(text: string, count: number): Promise<void> {
  const found = await eventually(
    () => processesWith(sandbox(), text),
    processes => processes.length === count,
  );
  expect(found).toHaveLength(count);
}

describe('a terminal', () => {
  test('is the controlling one of its command, in its size and with its variables', async () => {
    const { ended, text } = shell('tty; stty size; echo "$WORD in $PWD" >/dev/tty; exit 7', {
      size: { columns: 71, rows: 19 },
      env: { WORD: 'given' },
      cwd: '/usr',
    });
    expect(await ended).toEqual({ exitCode: 7, timedOut: false });
    expect(text()).toMatch(/^\/dev\/pts\/\d+\r\n19 71\r\ngiven in \/usr\r\n$/);
  });

  test('echoes what is typed, erases whole characters, and ends its input on Ctrl-D', async () => {
    const { write, until, ended } = shell('while read -r line; do echo "<$line>"; done; echo over');
    write('one\r');
    await until(/one\r\n<one>\r\n/);
    write(Buffer.from('あい\x7fう\r'));
    await until(/<あう>\r\n/);
    write('\x04');
    await until(/over/);
    expect(await ended).toEqual({ exitCode: 0, timedOut: false });
  });

  test('interrupts on Ctrl-C and stops on Ctrl-Z what runs in an interactive shell', async () => {
    const { write, until, ended } = open(['sh', '-i'], { env: { PS1: 'prompt> ' } });
    await until(/prompt> $/);
    // Only a program that answers is known to have the terminal already.
    write('cat\rone\r');
    await until(/one\r\none\r\n$/);
    write('\x03');
    await until(/\^C\r\nprompt> $/);
    write('echo "code $?"; cat\rtwo\r');
    await until(/two\r\n[\s\S]*two\r\n$/);
    write('\x1a');
    await until(/Stopped .*cat\r\nprompt> $/);
    write('fg\r');
    await until(/fg\r\ncat\r\n$/);
    write('three\r');
    await until(/three\r\nthree\r\n$/);
    write('\x03');
    await until(/three\r\n\^C\r\nprompt> $/);
    write('exit 5\r');
    expect(await ended).toEqual({ exitCode: 5, timedOut: false });
  });

  test('announces a new size', async () => {
    const { resize, until, hangUp, ended } = shell('trap "stty size" WINCH; echo ready; while :; do sleep 0.1; done');
    await until(/ready/);
    resize({ columns: 132, rows: 50 });
    await until(/50 132\r\n/);
    resize({ columns: 0, rows: -3 });
    await until(/0 0\r\n/);
    hangUp();
    expect(await ended).toEqual({ exitCode: 129, timedOut: false });
  });

  test('shows a full-screen program and takes its keys', async () => {
    const { write, until, ended } = open(['busybox', 'less', '/etc/services'], { env: { TERM: 'xterm' } });
    await until(/\/etc\/services/);
    write('G');
    await until(/\(END\)|100%/);
    write('q');
    expect(await ended).toEqual({ exitCode: 0, timedOut: false });
  });

  test('shows megabytes completely', async () => {
    const { ended, text } = shell('head -c 3000000 /dev/zero | tr "\\0" x; echo; echo over');
    expect(await ended).toEqual({ exitCode: 0, timedOut: false });
    expect(text() === `${'x'.repeat(3_000_000)}\r\nover\r\n`).toBe(true);
  });

  test('takes a large paste, also while its command does not read', async () => {
    const lines = Array.from({ length: 4_000 }, (_, index) => `line ${index} of what was pasted\n`).join('');
    const { write, until, ended } = shell('stty -echo; echo ready; sleep 1; cat >/tmp/pasted; echo over');
    await until(/ready/);
    write(lines);
    write('\x04');
    await until(/over/);
    expect(await ended).toEqual({ exitCode: 0, timedOut: false });
    expect(lines.length).toBeGreaterThan(100_000);
    expect((await output(sandbox(), ['cat', '/tmp/pasted'])) === lines).toBe(true);
  });

  test('that floods is interrupted, and other commands go on beside it', async () => {
    const { write, until, ended } = shell('echo ready; exec yes');
    await until(/y\r\ny\r\n/);
    expect(await output(sandbox(), ['echo', 'beside'])).toBe('beside\n');
    write('\x03');
    expect(await ended).toEqual({ exitCode: 130, timedOut: false });
  });
});

describe('the end of a terminal', () => {
  test('comes although a background process holds it', async () => {
    const { ended, text } = shell('trap "" HUP; sleep 1002 & echo over');
    expect(await ended).toEqual({ exitCode: 0, timedOut: false });
    expect(text()).toBe('over\r\n');
    await output(sandbox(), ['pkill', '-f', 'sleep 1002']);
  });

  test('by hanging up is a SIGHUP, and a SIGKILL for who ignores it', async () => {
    const polite = shell('trap "exit 9" HUP; echo ready; while :; do sleep 0.1; done');
    const deaf = shell('trap "" HUP; sleep 1003 & echo ready; wait');
    await Promise.all([polite.until(/ready/), deaf.until(/ready/)]);
    polite.hangUp();
    deaf.hangUp();
    expect(await polite.ended).toEqual({ exitCode: 9, timedOut: false });
    expect(await deaf.ended).toEqual({ exitCode: 137, timedOut: false });
    expect(await processesWith(sandbox(), 'sleep 1003')).toEqual([]);
  });

  test('by hanging up reaches the jobs of an interactive shell, also stopped ones', async () => {
    const { write, until, hangUp, ended } = open(['sh', '-i'], { env: { PS1: 'prompt> ' } });
    write('sleep 1004 &\rsleep 1005\r');
    await running('sleep 100[45]', 2);
    write('\x1a');
    await until(/Stopped/);
    hangUp();
    await ended;
    await running('sleep 100[45]', 0);
  });

  test('may come at once', async () => {
    const { hangUp, ended } = shell('sleep 1006');
    hangUp();
    expect(await ended).toMatchObject({ timedOut: false });
    expect(await processesWith(sandbox(), 'sleep 1006')).toEqual([]);
  });

  test('comes when its time is over', async () => {
    const { ended } = shell('trap "" HUP INT; sleep 1007', { timeoutMilliseconds: 300 });
    expect(await ended).toEqual({ exitCode: 137, timedOut: true });
    expect(await processesWith(sandbox(), 'sleep 1007')).toEqual([]);
  });

  test('comes for what cannot be started, with the reason on the screen', async () => {
    const missing = open(['no-such-program']);
    expect(await missing.ended).toEqual({ exitCode: 127, timedOut: false });
    expect(missing.text()).toBe('no-such-program: No such file or directory\r\n');
    const nowhere = shell('true', { namespace: 'missing' });
    expect(await nowhere.ended).toEqual({ exitCode: 126, timedOut: false });
    expect(nowhere.text()).toContain('network namespace missing');
  });
});

test('a command has its own host name, and its namespace too', async () => {
  await output(sandbox(), ['ip', 'netns', 'add', 'worker']);
  const options = { hostname: 'inajob', namespace: 'worker' };
  const script = 'hostname; uname -n; readlink /proc/self/ns/net';
  const [first, second, network] = (await output(sandbox(), ['sh', '-c', script], options)).split('\n');
  expect([first, second]).toEqual(['inajob', 'inajob']);
  const { ended, text } = shell(script, options);
  await ended;
  expect(text()).toBe(`inajob\r\ninajob\r\n${network}\r\n`);
  expect(await output(sandbox(), ['hostname'])).toBe('sandbox\n');
});
