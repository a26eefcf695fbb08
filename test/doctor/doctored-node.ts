import type { Kubectl } from '../../src/cluster/kubectl-command.js';
import { type DoctorOptions, runDoctor } from '../../src/commands/doctor.js';
import type { Finding } from '../../src/doctor/finding.js';
import { neededAccess } from '../../src/doctor/needed-access.js';
import type { Surroundings } from '../../src/doctor/surroundings.js';
import { type Trial, trialsFor } from '../../src/doctor/trials.js';
import type { CommandResult } from '../../src/node/access.js';
import { type FakeNode, fakeNode, freshKernel } from '../support/fake-node/index.js';
import { outcomeOf } from '../support/run-command.js';
import type { Outcome } from '../support/run-sync.js';
import { now } from './healthy-facts.js';

export const printed = (stdout: string): CommandResult => ({ stdout, stderr: '', exitCode: 0 });
export const failed = (stderr: string, exitCode = 1): CommandResult => ({ stdout: '', stderr, exitCode });

const versions: readonly (readonly [command: string, version: string])[] = [
  ['ip -V', 'ip utility, iproute2-6.1.0, libbpf 1.1.2\n'],
  ['ipset version', 'ipset v7.17, protocol version: 7\n'],
  ...['iptables-save', 'iptables-restore', 'ip6tables-save', 'ip6tables-restore'].map(
    name => [`${name} --version`, `${name} v1.8.9 (legacy)\n`] as const,
  ),
  ['ipvsadm --version', 'ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n'],
  ['modprobe --version', 'kmod version 30\n-XZ\n'],
  ['conntrack --version', 'conntrack v1.4.7 (conntrack-tools)\n'],
];

/** The files of a machine that its kernel does not have. */
const files: readonly (readonly [path: string, text: string])[] = [
  ['/etc/os-release', 'ID=debian\n'],
  ['/proc/self/status', 'Name:\tnode\nCapEff:\t000001ffffffffff\n'],
  ['/proc/self/mounts', 'proc /proc proc rw,nosuid 0 0\n'],
];

/** Returns what the shell that runs the trials prints if some of them fail. */
export function trialOutput(failing: (trial: Trial) => string | undefined = () => undefined): CommandResult {
  const trials = trialsFor({ backend: 'default', isNft: false, hasIpv6: true, hasBridgeFilter: false });
  const fields = trials.flatMap(trial => {
    const said = failing(trial);
    return said === undefined ? ['0', ''] : ['1', said];
  });
  return printed([...fields, ''].join('\0'));
}

/** Returns a node on which doctor has nothing to say. */
export function healthyNode(): FakeNode {
  const kernel = freshKernel();
  for (const [path, text] of files) kernel.files.set(path, text);
  kernel.sysctls.set('net/ipv4/ip_forward', '1');
  const node = fakeNode(kernel);
  for (const [command, text] of versions) node.broken.set(command, printed(text));
  node.broken.set('unshare --net -- /bin/sh -c', trialOutput());
  return node;
}

const access = neededAccess.map(({ verb, resource, group }) => `${verb} ${resource} ${group} true\n`).join('');

const answers: ReadonlyMap<string, CommandResult> = new Map([
  ['version --client -o json', printed('{"clientVersion":{"gitVersion":"v1.37.0"}}')],
  [
    'get --raw /version -v=8',
    {
      stdout: '{"gitVersion":"v1.37.2"}',
      stderr: [
        'I1123 00:00:00.1 1 round_trippers.go:632] "Response" status="200 OK" headers=<',
        `\tDate: ${new Date(now).toUTCString()}`,
        ' >\n',
      ].join('\n'),
      exitCode: 0,
    },
  ],
  ['create -f - -o', printed(access)],
  ['get --raw /api/v1/nodes?limit=500', printed('{"kind":"NodeList","items":[{"metadata":{"name":"worker-1"}}]}')],
]);

/** Returns a kubectl that answers these commands, by how they begin, and otherwise as a cluster should. */
export function kubectlWith(others: Readonly<Record<string, CommandResult>> = {}): Kubectl {
  const all = [...Object.entries(others), ...answers];
  return async argv => {
    const words = argv.join(' ');
    const answer = all.find(([start]) => words.startsWith(start))?.[1];
    if (answer === undefined) throw new Error(`the fake kubectl does not know: kubectl ${words}`);
    return answer;
  };
}

const surroundings: Surroundings = {
  isRoot: true,
  canAnswer: true,
  architecture: 'x64',
  toolFolders: ['/usr/sbin', '/usr/bin'],
  now: () => now,
  sudoState: async () => 'ready',
  proxies: () => [],
  kubeProxyMode: async () => undefined,
  folders: () => [],
};

export interface DoctorSetting extends Partial<Omit<DoctorOptions, 'surroundings'>> {
  readonly surroundings?: Partial<Surroundings>;
}

/** Runs `kproxy doctor` on a node as the command line does. */
export const doctor = (node: FakeNode, setting: DoctorSetting = {}): Promise<Outcome> =>
  outcomeOf(io =>
    runDoctor(
      {
        nodeWithoutSudo: node,
        nodeName: 'worker-1',
        sudo: false,
        kubectl: kubectlWith(),
        output: 'json',
        isColored: false,
        ...setting,
        surroundings: { ...surroundings, ...setting.surroundings },
      },
      node,
      io,
    ),
  );

/** Returns the findings of JSON that are not ok. */
export const troublesIn = ({ stdout }: Outcome): readonly Finding[] =>
  (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings.filter(({ level }) => level !== 'ok');
