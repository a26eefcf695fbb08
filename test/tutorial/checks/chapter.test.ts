import { expect, test } from 'vitest';
import type { Check } from '../../../src/tutorial/checks/check.js';
import { missingOf } from '../../../src/tutorial/checks/index.js';
import { kernelAnswerOf } from '../../../src/tutorial/observe/kernel-answer.js';
import { moments } from '../observe/support/moments.js';
import { observed } from './support/observed.js';

const on = 'inajob';
const server = 'TCP 10.254.10.128:80';
const vip = '10.254.10.128/32';
const entry = { kind: 'entry', on, set: 'KUBE-CLUSTER-IP', value: '10.254.10.128,tcp:80' } as const;
const mark = {
  kind: 'rule',
  on,
  table: 'nat',
  chain: 'KUBE-MARK-MASQ',
  rule: '-j MARK --set-xmark 0x4000/0x4000',
} as const;
const jump = (table: 'nat' | 'filter', chain: string, rule: string): Check => ({
  kind: 'rule',
  on,
  table,
  chain,
  rule,
  isFirst: true,
});
const forwardJump = jump('filter', 'FORWARD', '-m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD');
const conntrack = (value: string): Check => ({ kind: 'sysctl', on, name: 'net/ipv4/vs/conntrack', value });
const drop = { kind: 'policy', on, table: 'filter', chain: 'FORWARD', policy: 'DROP' } as const;
const address = { kind: 'address', on, link: 'kube-ipvs0', address: vip } as const;
const remote = { kind: 'real-server', on, server, address: '10.244.2.2:8080' } as const;

/** What each command of the recording achieves. Commands that begin alike are told apart by what follows. */
const achievements: readonly (readonly [command: RegExp, check: Check])[] = [
  [/^ipset create KUBE/, { kind: 'set', on, name: 'KUBE-CLUSTER-IP', type: 'hash:ip,port' }],
  [/-N KUBE-MARK-MASQ$/, { kind: 'chain', on, table: 'nat', chain: 'KUBE-MARK-MASQ' }],
  [/-A KUBE-MARK-MASQ/, mark],
  [
    /-A KUBE-POSTROUTING/,
    {
      kind: 'rule',
      on,
      table: 'nat',
      chain: 'KUBE-POSTROUTING',
      rule: '-m comment --comment "any other words" -m mark --mark 0x4000/0x4000 -j MASQUERADE',
    },
  ],
  [
    /-A KUBE-SERVICES !/,
    {
      kind: 'rule',
      on,
      table: 'nat',
      chain: 'KUBE-SERVICES',
      rule: '! -s 10.244.0.0/16 -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ',
    },
  ],
  [
    /-A KUBE-SERVICES -m set/,
    {
      kind: 'rule',
      on,
      table: 'nat',
      chain: 'KUBE-SERVICES',
      rule: '-m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT',
    },
  ],
  [/-I PREROUTING/, jump('nat', 'PREROUTING', '-j KUBE-SERVICES')],
  [/-I OUTPUT/, jump('nat', 'OUTPUT', '-m comment --comment "kubernetes service portals" -j KUBE-SERVICES')],
  [/-I POSTROUTING/, jump('nat', 'POSTROUTING', '-j KUBE-POSTROUTING')],
  [/-N KUBE-FORWARD/, { kind: 'chain', on, table: 'filter', chain: 'KUBE-FORWARD' }],
  [/-I FORWARD/, forwardJump],
  [/^echo 1/, conntrack('1')],
  [/^ip link add kube/, { kind: 'link', on, name: 'kube-ipvs0', type: 'dummy' }],
  [/^ipset add KUBE/, entry],
  [/^ip addr add/, address],
  [/^ipvsadm -A -t/, { kind: 'virtual-server', on, server, scheduler: 'rr' }],
  [/^ipvsadm -a .*10\.244\.2\.2/, remote],
  [/^ipvsadm -a .*10\.244\.1\.3/, { ...remote, address: '10.244.1.3:8080' }],
  [/^curl/, { kind: 'connections', on, server, atLeast: 1 }],
  [/^for i in 1 2 3 4/, { kind: 'connections', on, server, atLeast: 5 }],
  [/-D KUBE-MARK-MASQ/, { ...mark, isAbsent: true }],
  [/^echo 0/, conntrack('0')],
  [/^ip addr del/, { ...address, isAbsent: true }],
  [/-P FORWARD DROP/, drop],
  [/-D FORWARD/, { ...forwardJump, isAbsent: true } as Check],
  [/-P FORWARD ACCEPT/, { ...drop, policy: 'ACCEPT' }],
  [/^ipvsadm -d .*8080/, { ...remote, isAbsent: true }],
  [/^ipvsadm -e .*-w 1/, remote],
  [/^kproxy cleanup/, { ...entry, isAbsent: true }],
  [/^kproxy sync .*tutorial/, { kind: 'all-of', checks: [mark, forwardJump, entry, address, remote] }],
];

test.each(achievements)('a check fails before %s and passes after it', (command, check) => {
  const index = moments.findIndex(moment => command.test(moment.command));
  const [before, after] = moments
    .slice(index - 1, index + 1)
    .map(({ texts }) => observed({ inajob: kernelAnswerOf(texts) }));
  if (index < 1 || before === undefined || after === undefined) throw new Error(`not recorded: ${command}`);
  expect(missingOf(check, before)).toEqual({ en: expect.stringMatching(/\.$/), ja: expect.stringMatching(/\u3002$/) });
  expect(missingOf(check, after)).toBeUndefined();
});

test('a real server without -m is named by the kernel’s own answer', () => {
  const index = moments.findIndex(({ command }) => /^ipvsadm -a .*8080$/.test(command));
  const texts = moments[index]?.texts;
  if (texts === undefined) throw new Error('not recorded');
  expect(missingOf(remote, observed({ inajob: kernelAnswerOf(texts) }))?.en).toBe(
    'The real server 10.244.2.2:80 is there, but its forwarding is Route and must be Masq (-m). ' +
      'Delete it with `ipvsadm -d` and add it again with -m.',
  );
});
