import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Sandbox, SandboxOptions } from '../../../src/sandbox/sandbox.js';
import { kproxyProgram } from './kproxy.js';
import type { ApiPrograms } from './report-programs.js';

const reports = fileURLToPath(new URL('../../reports/', import.meta.url));

/** A case from a public report: a script that a node runs, and what it needs of the node. */
export interface ReportCase {
  readonly name: string;
  readonly folder: string;
  readonly sandbox: SandboxOptions;
  /** True if the script sets up the node's network itself. */
  readonly isBare: boolean;
  /** True if the node must have the nft backend of iptables. */
  readonly needsNft: boolean;
  /** True if the script starts an API server, which is the command `$API`. */
  readonly needsApi: boolean;
}

const textOf = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined);

export const reportCases: readonly ReportCase[] = readdirSync(reports, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }): ReportCase => {
    const folder = `${reports}${name}`;
    const kernel = textOf(`${folder}/kernel`);
    const memory = textOf(`${folder}/mem`);
    const script = textOf(`${folder}/guest.sh`) ?? '';
    return {
      name,
      folder,
      sandbox: {
        ...(kernel === undefined ? {} : { kernelArguments: kernel.split(/\s+/) }),
        ...(memory === undefined ? {} : { memoryMegabytes: Number.parseInt(memory, 10) }),
      },
      isBare: existsSync(`${folder}/bare`),
      needsNft: /\bnft\b/.test(script),
      needsApi: script.includes('$API '),
    };
  });

/**
 * Gives a case network namespaces, mounts, processes and a host name of its own on a kernel that another case uses
 * after it. Removes what the case leaves in folders.
 */
const separately = `
folders='/tmp /var/tmp /run'
list() { for folder in $folders; do find $folder -mindepth 1 -maxdepth 1; done; }
before=$(list)
unshare --net --mount --uts --ipc --pid --fork --kill-child --mount-proc bash -c '
  mount -t sysfs sysfs /sys; ip link set lo up; eval "$1"' bash "$1" || status=$?
list | grep -vxF -e "$before" | while read -r path; do rm -rf --one-file-system "$path"; done
exit \${status:-0}`;

/** Gives the node eth0, and the namespace `world` on the other end of its cable, by which all other networks are. */
const network = `
modprobe ipv6
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip netns add world
ip link add eth0 type veth peer name eth0 netns world
ip addr add 10.10.0.11/24 dev eth0; ip addr add fd00:10:10::11/64 dev eth0 nodad; ip link set eth0 up
ip -n world link set lo up; ip -n world addr add 10.10.0.12/24 dev eth0
ip -n world addr add fd00:10:10::12/64 dev eth0 nodad; ip -n world link set eth0 up
ip route add default via 10.10.0.12; ip -6 route add default via fd00:10:10::12`;

/**
 * Returns what the case printed, which has a line for each thing that must hold: `right: …` or `FAULT: …`.
 * @param isShared true if other cases use the guest too
 * @throws Error if the case does not end in time
 */
export async function runReportCase(
  guest: Sandbox,
  { folder, isBare }: ReportCase,
  { api, isShared }: { readonly api: ApiPrograms | undefined; readonly isShared: boolean },
): Promise<string> {
  const setup = isBare ? '' : `( set -eu; ${network} ) || exit`;
  const script = `${setup}\nPATH=$PATH:$KUBECTL_FOLDER; . '${reports}helpers.sh'; . '${folder}/guest.sh'`;
  const { stdout, stderr, timedOut } = await guest.run(
    ['bash', '-c', ...(isShared ? [separately, 'bash', script] : [script])],
    {
      cwd: folder,
      env: {
        K: [process.execPath, kproxyProgram, ...(api ? ['--tool-path', api.kubectlFolder] : [])].join(' '),
        C: folder,
        API: api?.apiServer ?? 'false',
        KUBECTL_FOLDER: api?.kubectlFolder ?? '',
      },
      timeoutMilliseconds: 180_000,
    },
  );
  if (timedOut) throw new Error(`the case did not end in time, and printed:\n${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

/** Returns the lines of an output that say what does not hold. */
export const faultsIn = (text: string): readonly string[] =>
  text.split('\n').filter(line => /^ {2}(FAULT|arguable):/.test(line));
