import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KproxyError } from '../../src/errors.js';
import { openSandbox } from '../../src/sandbox/open-sandbox.js';
import { bootMilliseconds, output, useSandbox } from './support/guest.js';
import {
  bundleHolder,
  finalLeftovers,
  firstLine,
  type Holder,
  leftovers,
  startHolder,
} from './support/holder-process.js';
import { processesWith } from './support/processes.js';

describe('commands in the guest', () => {
  const sandbox = useSandbox();

  test('run on a kernel with IPVS, ipset and iptables', async () => {
    expect(await output(sandbox(), ['ipvsadm', '-Ln'])).toContain('IP Virtual Server');
    await output(sandbox(), ['ipset', 'create', 'ONE', 'hash:ip,port']);
    const rule = ['iptables', '-A', 'INPUT', '-m', 'set', '--match-set', 'ONE', 'dst,dst', '-j', 'ACCEPT'];
    await output(sandbox(), rule);
    expect(await output(sandbox(), ['iptables-save'])).toContain('--match-set ONE dst,dst');
    expect(await output(sandbox(), ['iptables', '--version'])).toContain('legacy');
    await output(sandbox(), ['ip', 'link', 'add', 'kube-ipvs0', 'type', 'dummy']);
  });

  test('return exit codes as a shell does', async () => {
    expect(await sandbox().run(['sh', '-c', 'echo out; echo err >&2; exit 7'])).toEqual({
      exitCode: 7,
      stdout: 'out\n',
      stderr: 'err\n',
      timedOut: false,
    });
    expect((await sandbox().run(['sh', '-c', 'kill -KILL $$'])).exitCode).toBe(137);
    expect(await sandbox().run(['no-such-program'])).toMatchObject({
      exitCode: 127,
      stderr: 'no-such-program: No such file or directory\n',
    });
    expect((await sandbox().run(['/etc/passwd'])).exitCode).toBe(126);
  });

  test('get words, variables and the working directory unchanged', async () => {
    const words = ['$(id)', 'a b', "it's", '"', '\\', 'ü', '', '-n', '\n'];
    const script = 'printf "%s\\037" "$@"; printf "%s" "$PWD|$WORD"';
    const seen = await output(sandbox(), ['sh', '-c', script, 'sh', ...words], { env: { WORD: 'x=$y' }, cwd: '/usr' });
    expect(seen.split('\u001f')).toEqual([...words, '/usr|x=$y']);
    await expect(sandbox().run(['echo', 'a\0b'])).rejects.toThrow('NUL');
  });

  test('read a megabyte and write four', async () => {
    const input = Buffer.alloc(2 ** 20, 'every line has its own number\n');
    expect(await output(sandbox(), ['cat'], { input })).toBe(input.toString());
    expect(await output(sandbox(), ['cat'], { input: '' })).toBe('');
    const zeros = await output(sandbox(), ['sh', '-c', 'head -c 4194304 /dev/zero | tr "\\0" x']);
    expect(zeros.length).toBe(4_194_304);
  });

  test('run at the same time, a long one beside short ones', async () => {
    const long = sandbox().start(['sh', '-c', 'echo begun; exec sleep 1000']);
    await long.untilOutput(/begun/);
    const numbers = Array.from({ length: 30 }, (_, index) => String(index));
    const outputs = await Promise.all(
      numbers.map(number => output(sandbox(), ['cat'], { input: number.repeat(5_000) })),
    );
    expect(outputs).toEqual(numbers.map(number => number.repeat(5_000)));
    long.kill();
    expect((await long.result).exitCode).toBe(143);
  });

  test('exchange data while they run, and get signals together with their children', async () => {
    const child = 'sh -c "echo ready; exec sleep 1000"';
    const script = `trap "echo caught; exit 3" TERM; ${child} & wait`;
    const command = sandbox().start(['sh', '-c', script]);
    await command.untilOutput(/ready/);
    command.kill();
    expect(await command.result).toMatchObject({ exitCode: 3, stdout: 'ready\ncaught\n' });
    expect(await processesWith(sandbox(), 'sleep 1000')).toEqual([]);
    await expect(sandbox().start(['true']).untilOutput(/never/)).rejects.toThrow('exit code 0');
  });

  test('are killed when their time is over', async () => {
    const result = await sandbox().run(['sh', '-c', 'echo begun; sleep 1000; echo over'], { timeoutMilliseconds: 300 });
    expect(result).toEqual({ exitCode: 137, stdout: 'begun\n', stderr: '', timedOut: true });
  });

  test('may leave a process behind that holds their output open', async () => {
    const result = await sandbox().run(['sh', '-c', 'sleep 1000 & echo over']);
    expect(result).toMatchObject({ exitCode: 0, stdout: 'over\n' });
  });

  test('see the files of the host and cannot change them', async () => {
    const file = `${process.cwd()}/package.json`;
    expect(await output(sandbox(), ['cat', file])).toContain('"kproxy"');
    const attempt = await sandbox().run(['touch', `${file}.touched`, '/etc/touched']);
    expect(attempt.exitCode).toBe(1);
    expect(attempt.stderr.match(/Read-only file system/g)).toHaveLength(2);
    expect([`${file}.touched`, '/etc/touched'].filter(existsSync)).toEqual([]);
    await output(sandbox(), ['touch', '/tmp/kproxy-touched', '/run/kproxy-touched', '/var/tmp/kproxy-touched']);
    const inTemporary = ['/tmp/kproxy-touched', '/run/kproxy-touched', '/var/tmp/kproxy-touched'];
    expect(inTemporary.filter(existsSync)).toEqual([]);
  });

  test('have Node', async () => {
    expect(await output(sandbox(), ['node', '--print', 'process.version'])).toBe(`${process.version}\n`);
  });

  test('run in a network namespace, whose settings are its own', async () => {
    await output(sandbox(), ['ip', 'netns', 'add', 'other']);
    await sandbox().writeFile('/proc/sys/net/ipv4/ip_forward', '1', { namespace: 'other' });
    const read = ['cat', '/proc/sys/net/ipv4/ip_forward'];
    expect(await output(sandbox(), read, { namespace: 'other' })).toBe('1\n');
    expect(await output(sandbox(), read)).toBe('0\n');
    const missing = await sandbox().run(['true'], { namespace: 'missing' });
    expect(missing).toMatchObject({ exitCode: 126, stderr: expect.stringContaining('network namespace missing') });
  });

  test('find files that were written for them', async () => {
    const content = 'x'.repeat(300_000);
    await sandbox().writeFile('/tmp/written', content);
    expect(await output(sandbox(), ['cat', '/tmp/written'])).toBe(content);
    await expect(sandbox().writeFile('/etc/written', '')).rejects.toThrow(KproxyError);
  });
});

describe('a sandbox ends', () => {
  let holder: Holder;
  beforeEach(async () => {
    holder = await bundleHolder();
  });
  afterEach(() => rm(dirname(holder.program), { recursive: true }));

  test(
    'when it is closed, together with its commands',
    async () => {
      const child = startHolder(holder, ['close']);
      await firstLine(child);
      await once(child, 'exit');
      expect(child.exitCode).toBe(0);
      expect(await leftovers(holder)).toEqual([]);
    },
    bootMilliseconds,
  );

  test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'when its parent gets %s',
    async signal => {
      const child = startHolder(holder);
      await firstLine(child);
      expect(await leftovers(holder)).not.toEqual([]);
      child.kill(signal);
      expect(await finalLeftovers(holder)).toEqual([]);
    },
    bootMilliseconds,
  );

  test(
    'when its parent is killed while it boots',
    async () => {
      const child = startHolder(holder);
      while ((await leftovers(holder)).length < 2 && child.exitCode === null) await new Promise(setImmediate);
      child.kill('SIGKILL');
      expect(await finalLeftovers(holder)).toEqual([]);
    },
    bootMilliseconds,
  );

  test(
    'when it is closed, also for an ordinary user and from a folder below /tmp',
    async () => {
      const root = process.getuid?.() === 0;
      const ordinary = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs'];
      const child = startHolder(holder, ['close'], root ? ordinary : []);
      const seen = JSON.parse(await firstLine(child));
      expect(seen).toMatchObject({
        guestUser: '0',
        node: `Node ${process.version}`,
        program: '// bundle',
        tables: expect.stringContaining('IP Virtual Server'),
        write: expect.stringContaining('Read-only file system'),
      });
      expect(seen.hostUser).not.toBe(0);
      await once(child, 'exit');
      expect(await leftovers(holder)).toEqual([]);
    },
    bootMilliseconds,
  );
});

describe('a sandbox that cannot be opened', () => {
  test('names the packages to install', async () => {
    const error = await openSandbox({ kernel: '/no/such/linux.uml' }).catch(reason => reason);
    expect(error).toBeInstanceOf(KproxyError);
    expect(error.message).toContain('/no/such/linux.uml is not installed');
    expect(error.code).toBe('sandbox-unavailable');
    expect(error.advice).toMatch(/apt-get install user-mode-linux .*ipset iptables ipvsadm/);
  });

  test('reports what the kernel printed', async () => {
    const error = await openSandbox({ kernel: '/bin/false' }).catch(reason => reason);
    expect(error).toBeInstanceOf(KproxyError);
    expect(error.message).toContain('ended before it was ready');
    const words = await openSandbox({ kernel: '/bin/echo' }).catch(reason => reason);
    expect(words.evidence).toContain('rootfstype=hostfs');
  });

  test(
    'ends its commands with an error when the guest breaks down',
    async () => {
      const sandbox = await openSandbox();
      const command = sandbox.start(['sleep', '1000']);
      await sandbox.run(['busybox', 'poweroff', '-f']).catch(() => {});
      await expect(command.result).rejects.toThrow('ended while a command was at work');
      await expect(sandbox.run(['true'])).rejects.toThrow(KproxyError);
      await sandbox.close();
    },
    bootMilliseconds,
  );
});
