import { beforeAll, expect, test } from 'vitest';
import { allCases } from '../../support/all-cases.js';
import { output, useNetwork } from '../support/guest.js';
import { kproxy } from '../support/kproxy.js';
import { processesWith } from '../support/processes.js';
import { after, before } from './support/before-and-after.js';
import { node, topology } from './support/network.js';
import { dumpNode, type NodeDump, restoreDump } from './support/node-dump.js';
import { clusterDocument, fromStdin } from './support/services.js';
import { toolsInTheWay } from './support/tools-in-the-way.js';

const sandbox = useNetwork(topology);
let start: NodeDump;
let end: NodeDump;

const sync = () => kproxy(sandbox(), node, fromStdin('sync'), clusterDocument(after));

beforeAll(async () => {
  await kproxy(sandbox(), node, fromStdin('sync'), clusterDocument(before));
  start = await dumpNode(sandbox(), node);
  expect(await sync()).toMatchObject({ exitCode: 0 });
  end = await dumpNode(sandbox(), node);
});

/** True if the last test has left the node as at the start. */
let isAtStart = false;
async function restoreStart(): Promise<void> {
  if (!isAtStart) await restoreDump(sandbox(), node, start);
  isAtStart = false;
}

async function expectNothingChanged(): Promise<void> {
  expect(await dumpNode(sandbox(), node)).toEqual(start);
  isAtStart = true;
}

/** Syncs with a tool that runs a script instead if it is called in this way. */
async function syncWithBroken(
  call: string,
  script: string,
  options: readonly string[] = [],
  through: readonly string[] = [],
) {
  await restoreStart();
  const text = `case "$call" in '${call}') ${script} ;; *) exec "$tool" "$@" ;; esac\n`;
  const broken = await toolsInTheWay(sandbox(), 'broken', text);
  return broken.kproxy(node, fromStdin('sync', ...options), clusterDocument(after), through);
}

async function expectNextRunFinishes(): Promise<void> {
  expect(await sync()).toMatchObject({ stderr: '', exitCode: 0 });
  expect(await dumpNode(sandbox(), node)).toEqual(end);
}

const ipset = 'ipset -exist restore';
const iptables = 'iptables-restore -w --noflush';
const ip = 'ip -batch -';
const ipvsadm = 'ipvsadm --restore';
const saveInput = 'input=$(mktemp); cat >"$input"; bytes=$(wc -c <"$input"); lines=$(wc -l <"$input")';
const withLine = (line: string) =>
  `${saveInput}; sed "$(((lines + 1) / 2))a\\\\
${line}" "$input" | "$tool" "$@"`;

const killed = `${saveInput}; head -c $((bytes / 2)) "$input" | "$tool" "$@"; kill -KILL $$`;

/** Whole chains are restored at once, and rules of many Services depend on each other. */
const failingRules = [
  { what: 'is killed in the middle of its input', script: killed, says: 'exit status' },
  {
    what: 'has a line that the kernel refuses',
    script: [
      `${saveInput}; sed '/^COMMIT/i-A KUBE-SERVICES -m set --match-set KUBE-NOT-THERE dst -j RETURN' "$input" |`,
      '"$tool" "$@"',
    ].join(' '),
    says: "KUBE-NOT-THERE doesn't exist",
  },
];

test.each(failingRules)(
  `${iptables} $what: sync reports how far it got, and the next sync finishes`,
  async ({ script, says }) => {
    const { stdout, stderr, exitCode } = await syncWithBroken(iptables, script);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 5 });
    const words = /^kproxy: `(.*)` failed; (\d+) commands? of (\d+) had been run$/m.exec(stderr);
    expect(words?.[1], stderr).toBe(iptables);
    expect(stderr).toContain(says);
    const [done, notDone] = ['done', 'not done'].map(name =>
      new RegExp(`^ *${name}: (.*)$`, 'm').exec(stderr)?.[1]?.split(', '),
    );
    expect(done?.filter(name => name !== 'nothing')).toHaveLength(Number(words?.[2]));
    expect(notDone).toHaveLength(Number(words?.[3]) - Number(words?.[2]));
    await expectNextRunFinishes();
  },
);

/** Which calls fail, and how. */
interface FailingBatches {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
}

type Call = readonly [call: string, script: string];
const ofEach = (calls: readonly Call[], how: string): readonly FailingBatches[] =>
  calls.map(([call, script]) => ({ name: `${call} ${how}`, scripts: { [call]: script } }));
const ofAll = (calls: readonly Call[], how: string): FailingBatches => ({
  name: `every batch ${how}`,
  scripts: Object.fromEntries(calls),
});
const killedBatches = [ipset, ip, ipvsadm].map((call): Call => [call, killed]);
const isKilled = 'is killed in the middle of its input';
const refusedLines: readonly Call[] = [
  [ipset, withLine('create KUBE-CLUSTER-IP hash:ip')],
  [ip, withLine('addr add 192.168.33.11/24 dev eth0')],
  [ipvsadm, withLine('-A -t 10.254.1.3:80 -s rr')],
];
const hasRefusedLine = 'has a line that the kernel refuses';

/** Tools fail in one run. One tool in each run proves no more, because its changes are still made one by one. */
const failingBatches: readonly FailingBatches[] = [
  { name: `${ipvsadm} fails`, scripts: { [ipvsadm]: "echo 'out of order' >&2; exit 1" } },
  ofAll(killedBatches, isKilled),
  ofAll(refusedLines, hasRefusedLine),
  ...(allCases ? [...ofEach(killedBatches, isKilled), ...ofEach(refusedLines, hasRefusedLine)] : []),
];

test.each(failingBatches)('$name: sync makes the missing changes one by one', async ({ scripts }) => {
  const calls = Object.keys(scripts);
  await output(sandbox(), ['rm', '-f', '/tmp/broken']);
  const cases = Object.entries(scripts).map(([call, script]) => `'${call}') ${script} ;;\n`);
  const script = `echo "$call" >>/tmp/broken; case "$call" in ${cases.join('')} esac`;
  const { stdout, stderr, exitCode } = await syncWithBroken(calls.join("' | '"), script);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(stdout).toMatch(/^node .*: \d+ added/m);
  const broken = (await output(sandbox(), ['cat', '/tmp/broken'])).trimEnd().split('\n');
  expect(new Set(broken)).toEqual(new Set(calls));
  expect(await dumpNode(sandbox(), node)).toEqual(end);
});

test.each([ipset, ip])(
  '%s applies half of its lines without an error: sync notices, and the next sync finishes',
  async call => {
    const script = `${saveInput}; head -n $((lines / 2)) "$input" | "$tool" "$@"`;
    const { stdout, stderr, exitCode } = await syncWithBroken(call, script);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 5 });
    expect(stderr).toMatch(/^kproxy: \d+ of \d+ changes are not on the node although all commands succeeded$/m);
    await expectNextRunFinishes();
  },
);

const reading = ['ip -d -j addr show', 'ipset save', 'iptables-save', 'ip6tables-save'];
const unreadable = [
  ['fails', "echo 'out of order' >&2; exit 1"],
  ['prints something else', 'echo Segmentation fault'],
  ['prints half of it', 'output=$(mktemp); "$tool" "$@" >"$output"; head -c $(($(wc -c <"$output") / 2)) "$output"'],
] as const;

/** Each tool in one of the ways. The tests with the fake node have all ways. */
const unreadableTools = reading.map((call, index) => {
  const [what, script] = unreadable[index % unreadable.length] as (typeof unreadable)[number];
  return [`${call} ${what}`, call, script] as const;
});

test.each(unreadableTools)('%s: sync changes nothing', async (_, call, script) => {
  const { stdout, stderr, exitCode } = await syncWithBroken(call, script);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 4 });
  expect(stderr).toContain(`\`${call}\``);
  expect(stderr).toContain('Nothing was changed.');
  await expectNothingChanged();
});

test('the batch script ends with an error if ipvsadm refuses a line, whichever that is', async () => {
  await restoreStart();
  const argv = fromStdin('sync', '--dry-run', '--script', 'batch');
  const { stdout } = await kproxy(sandbox(), node, argv, clusterDocument(after));
  const input = stdout.replace(/^-A -[tu] /m, '-A -t 192.0.2.1:80 -s no-such-scheduler\n$&');
  const { exitCode, stderr } = await sandbox().run(['sh'], { namespace: node, input });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(/^ipvsadm: .*\n$/) });
  await expectNextRunFinishes();
});

const hangs = ['sleep 600', ['--tool-timeout', '3s']] as const;

test('a tool that does not end is killed: sync reports how far it got, and the next sync finishes', async () => {
  const { stdout, stderr, exitCode } = await syncWithBroken(ipvsadm, ...hangs);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 5 });
  expect(stderr).toContain('`ipvsadm --restore` did not end within 3 s and was killed');
  expect(await processesWith(sandbox(), 'sleep 600')).toEqual([]);
  await expectNextRunFinishes();
});

test('as process 1, which must reap all orphans, kproxy kills a tool with all that it has started', async () => {
  const asFirst = ['unshare', '--pid', '--fork', '--mount-proc'];
  const script = '(sleep 600 & sleep 600) & sleep 600 & wait';
  const { stdout, stderr, exitCode } = await syncWithBroken(ipvsadm, script, ['--tool-timeout', '3s'], asFirst);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 5 });
  expect(stderr).toContain('`ipvsadm --restore` did not end within 3 s and was killed');
  expect(await processesWith(sandbox(), 'sleep 600')).toEqual([]);
  await expectNextRunFinishes();
});

test('a reading tool that does not end is killed: sync changes nothing', async () => {
  const { stdout, stderr, exitCode } = await syncWithBroken('ipset save', ...hangs);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 4 });
  expect(stderr).toContain('`ipset save` did not end within 3 s and was killed');
  await expectNothingChanged();
});

test('if verifying fails, sync reports that all commands succeeded', async () => {
  const first = '[ -e /tmp/was-read ] || { touch /tmp/was-read; exec "$tool" "$@"; }';
  const secondTime = `${first}; echo 'out of order' >&2; exit 1`;
  const { stdout, stderr, exitCode } = await syncWithBroken('ip -d -j addr show', secondTime);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 5 });
  expect(stderr).toContain('all commands succeeded, but the node cannot be read back');
  expect(stderr).not.toContain('Nothing was changed.\nRun');
  expect(await dumpNode(sandbox(), node)).toEqual(end);
});
