import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CommandResult } from '../../src/sandbox/sandbox.js';
import { output, useSandbox } from './support/guest.js';
import { kproxyProgram } from './support/kproxy.js';
import { newNode } from './support/parity-node.js';
import { eventually } from './support/processes.js';
import { node as nodeName } from './trust/support/network.js';
import { clusterDocument } from './trust/support/services.js';

const programs = ['/lib/systemd/systemd', '/lib/systemd/systemd-journald', '/usr/bin/systemctl', '/usr/bin/nsenter'];
const hasSystemd = programs.every(path => existsSync(path));

const cluster = '/tmp/cluster.json';
const web = {
  name: 'web',
  clusterIps: ['10.254.0.1'],
  ports: [{ protocol: 'tcp', port: 80 }],
  backends: ['far-1'],
} as const;

/** The service of the README, with a shorter watchdog and files instead of an API server. */
function unit(): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, service = ''] = /^ *\[Service\]\n(.*?)\n *\[Install\]/ms.exec(readme) ?? [];
  const own = `${process.execPath} ${kproxyProgram} sync --watch --from ${cluster} --node ${nodeName}`;
  const text = service
    .replace(/^ +/gm, '')
    .replace(/^ExecStart=.*/m, `ExecStart=${own}`)
    .replace(/^WatchdogSec=.*/m, 'WatchdogSec=20s');
  return `[Unit]\nDefaultDependencies=no\n[Service]\n${text}\nStandardError=journal\n`;
}

/** Starts the journal, and systemd as the first process of its own namespace, with this unit alone. */
const start = `
mkdir -p /sys/fs/cgroup /run/log /run/systemd/journal /run/systemd/system
mount -t cgroup2 none /sys/fs/cgroup
mkdir /sys/fs/cgroup/inner
echo $$ >/sys/fs/cgroup/inner/cgroup.procs
mv /tmp/kproxy.service /run/systemd/system
/lib/systemd/systemd-journald &
until [ -S /run/systemd/journal/stdout ]; do sleep 0.1; done
export container=other
exec unshare --pid --fork --kill-child --mount-proc --cgroup /lib/systemd/systemd --unit=kproxy.service`;

/** The limit for a test in which programs start slowly, in milliseconds. */
const limit = 300_000;

describe.skipIf(!hasSystemd)('a unit of the real systemd, as the README has it', () => {
  const node = 'unit';
  const sandbox = useSandbox({ memoryMegabytes: 512 }, async guest => {
    await output(guest, ['modprobe', 'ipv6']);
    await newNode(guest, node);
    await guest.writeFile(cluster, clusterDocument([web]));
    await guest.writeFile('/tmp/kproxy.service', unit());
    guest.start(['sh', '-euc', start], { namespace: node }).result.catch(() => {});
  });

  const systemctl = (...words: readonly string[]): Promise<CommandResult> => {
    const enter = 'nsenter -t "$(pgrep -x systemd)" -p -m -C systemctl "$@"';
    return sandbox().run(['sh', '-c', enter, 'systemctl', ...words], { timeoutMilliseconds: 60_000 });
  };
  /** Returns properties of the unit. As long as systemd does not answer, there are none. */
  async function properties(): Promise<Readonly<Record<string, string>>> {
    const { stdout } = await systemctl('show', 'kproxy', '-p', 'ActiveState,Result,StatusText,NRestarts');
    return Object.fromEntries([...stdout.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
  }
  const until = (condition: (unit: Readonly<Record<string, string>>) => boolean) =>
    eventually(properties, condition, limit / 2);

  test(
    'is active as soon as the node is in sync, and shows the last sync',
    async () => {
      expect(await until(({ ActiveState }) => ActiveState === 'active')).toEqual({
        ActiveState: 'active',
        Result: 'success',
        StatusText: expect.stringMatching(/^synced at \S+Z: 1 Service; (\d+ added, .* in \d+ ms|nothing changed)$/),
        NRestarts: '0',
      });
      expect(await output(sandbox(), ['ipvsadm', '-S', '-n'], { namespace: node })).toContain('-A -t 10.254.0.1:80');
    },
    limit,
  );

  test(
    'is restarted if it hangs',
    async () => {
      await systemctl('kill', '--signal=STOP', '--kill-who=main', 'kproxy');
      const isRestarted = ({ ActiveState, NRestarts }: Readonly<Record<string, string>>) =>
        ActiveState === 'active' && Number(NRestarts) > 0;
      expect(isRestarted(await until(isRestarted))).toBe(true);
    },
    limit,
  );

  test(
    'stops when it is told to, and the journal has its lines with their priority and without a time',
    async () => {
      expect((await systemctl('stop', 'kproxy')).exitCode).toBe(0);
      expect(await properties()).toMatchObject({ ActiveState: 'inactive', Result: 'success', StatusText: '' });
      const journal = await output(sandbox(), [
        'journalctl',
        '--no-pager',
        '-o',
        'json',
        '_SYSTEMD_UNIT=kproxy.service',
      ]);
      const lines = journal
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as { readonly PRIORITY: string; readonly MESSAGE: string })
        .map(({ PRIORITY, MESSAGE }) => `${PRIORITY} ${MESSAGE}`);
      expect(lines[0]).toBe(`6 following the cluster for node ${nodeName} (Services: 1)`);
      expect(lines[1]).toMatch(/^6 the whole node: \d+ added, \d+ changed, 0 removed in \d+ ms$/);
      expect(lines.at(-1)).toBe('6 stopped; the node stays programmed');
    },
    limit,
  );
});
