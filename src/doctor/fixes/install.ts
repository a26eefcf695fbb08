import type { Machine, System } from '../facts.js';
import { asRoot } from './as-root.js';

/** The package of each tool. Debian's name is also that of Ubuntu. */
const packages = new Map<string, Readonly<Record<'debian' | 'fedora', string>>>([
  ['ip', { debian: 'iproute2', fedora: 'iproute' }],
  ['ipset', { debian: 'ipset', fedora: 'ipset' }],
  ['ipvsadm', { debian: 'ipvsadm', fedora: 'ipvsadm' }],
  ['modprobe', { debian: 'kmod', fedora: 'kmod' }],
  ['conntrack', { debian: 'conntrack', fedora: 'conntrack-tools' }],
  ['sudo', { debian: 'sudo', fedora: 'sudo' }],
  ['nft', { debian: 'nftables', fedora: 'nftables' }],
  ['chronyd', { debian: 'chrony', fedora: 'chrony' }],
]);

const packageOf = (tool: string, system: 'debian' | 'fedora'): string => {
  const known = packages.get(tool)?.[system];
  if (known !== undefined) return known;
  if (system === 'debian') return 'iptables';
  return tool.includes('-legacy') ? 'iptables-legacy' : 'iptables-nft';
};

/** Returns the command that installs the newest packages of some tools. */
export function installCommand(machine: Pick<Machine, 'system' | 'isRoot'>, tools: readonly string[]): string {
  const system = machine.system === 'fedora' ? 'fedora' : 'debian';
  const names = [...new Set(tools.map(tool => packageOf(tool, system)))].join(' ');
  return asRoot(machine, `${installer(machine.system)} ${names}`);
}

/** The program that installs packages. Of other systems, apt-get is named as an example. */
const installer = (system: System): string => (system === 'fedora' ? 'dnf install -y' : 'apt-get install -y');

/** Kubernetes' names of processors. */
const architectures = new Map([
  ['x64', 'amd64'],
  ['arm64', 'arm64'],
  ['ppc64', 'ppc64le'],
  ['s390x', 's390x'],
]);

/**
 * Returns the command that installs kubectl from Kubernetes' own releases. Debian's and Ubuntu's packages are missing
 * or years old.
 * @param version such as `v1.37.2`; default: the newest
 */
export function kubectlCommand({ isRoot, architecture }: Machine, version: string | undefined): string {
  const releases = 'https://dl.k8s.io/release';
  const release = version ?? `$(curl -fsSL ${releases}/stable.txt)`;
  const url = `${releases}/${release}/bin/linux/${architectures.get(architecture) ?? 'amd64'}/kubectl`;
  return asRoot(
    { isRoot },
    `sh -c 'curl -fsSLo /usr/local/bin/kubectl.new ${url} && chmod 755 /usr/local/bin/kubectl.new && ` +
      `mv /usr/local/bin/kubectl.new /usr/local/bin/kubectl'`,
  );
}
