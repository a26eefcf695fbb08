import type { FakeNode } from './fake-node/index.js';

const answers = {
  'ip -V': 'ip utility, iproute2-6.1.0, libbpf 1.1.2\n',
  'ipset version': 'ipset v7.17, protocol version: 7\n',
  'iptables --version': 'iptables v1.8.9 (nf_tables)\n',
  'ipvsadm --version': 'ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n',
} as const;

/** Makes the tools of a fake node print their versions, which only a snapshot needs. */
export function withVersions(node: FakeNode): FakeNode {
  for (const [command, stdout] of Object.entries(answers))
    node.broken.set(command, { stdout, stderr: '', exitCode: 0 });
  return node;
}
