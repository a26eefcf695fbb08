import type { Facts } from '../facts.js';
import { advice, type Judgement, ok } from '../finding.js';
import { asRoot, scriptAsRoot } from '../fixes/as-root.js';
import type { DoctorCheck } from './check.js';

export const ipv6: DoctorCheck = { name: 'IPv6', judge };

function judge({ ipv6Lacks, machine }: Facts): readonly Judgement[] {
  if (ipv6Lacks === undefined) return [ok('the kernel has IPv6')];
  const parameter = /net\.ipv6\.conf\.[\w-]+\.disable_ipv6/.exec(ipv6Lacks)?.[0];
  return [
    advice({
      what: `the node cannot serve IPv6: ${ipv6Lacks}`,
      why:
        'IPv6 Services are left out, which is right in a cluster that has IPv4 only.' +
        (parameter === undefined ? ' The command takes effect with the next boot.' : ''),
      fix:
        parameter === undefined
          ? scriptAsRoot(machine, 'sed -i "s/ipv6.disable=1//" /etc/default/grub && update-grub')
          : asRoot(machine, `sysctl -w ${parameter}=0`),
    }),
  ];
}
