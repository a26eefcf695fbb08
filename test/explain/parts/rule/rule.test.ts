import { describe, expect, test } from 'vitest';
import { partText } from '../../../../src/explain/parts/index.js';
import { parseRuleText, shellWords } from '../../../../src/explain/parts/rule/parse-rule-text.js';
import { explainRule } from '../../../../src/explain/parts/rule/rule.js';
import { ruleFingerprint } from '../../../../src/explain/parts/rule/rule-fingerprint.js';
import { elementsOf } from '../../../../src/node/state.js';
import { savedLine } from '../../../../src/node/tools/iptables.js';
import { paintWith } from '../../../../src/output/paint.js';
import { quoteCommand } from '../../../../src/script/quote.js';
import { clusterFrom, parityCaseOf } from '../../../support/parity-case.js';
import { tutorialProxy } from '../../../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../../../support/sample-objects.js';
import { errorOf, lines, sourcesFromAfar, sourcesOf } from '../support/part-sources.js';

const cluster = clusterFrom(listText(serviceObject('web', '10.96.0.1'), endpointsObject('web', ['10.244.1.3'])));
const accept = '-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT';

describe('a rule is read as people and programs write it', () => {
  const argv = ['-m', 'set', '--match-set', 'KUBE-CLUSTER-IP', 'dst,dst', '-j', 'ACCEPT'];
  const nowhere = { family: undefined, table: undefined, chain: undefined, number: undefined };
  test.each([
    [accept, { ...nowhere, chain: 'KUBE-SERVICES', argv }],
    [accept.replace('-A KUBE-SERVICES ', ''), { ...nowhere, argv }],
    [`[12:720] ${accept}`, { ...nowhere, chain: 'KUBE-SERVICES', argv }],
    [
      `sudo ip6tables -w -t nat ${accept.replace('-A', '-I').replace('SERVICES', 'SERVICES 2')}`,
      { family: 'IPv6', table: 'nat', chain: 'KUBE-SERVICES', number: undefined, argv },
    ],
    ['nat KUBE-SERVICES 3', { ...nowhere, table: 'nat', chain: 'KUBE-SERVICES', number: 3, argv: [] }],
    ['KUBE-SERVICES 3', { ...nowhere, chain: 'KUBE-SERVICES', number: 3, argv: [] }],
    [
      'iptables -t nat -S KUBE-SERVICES 3',
      { family: 'IPv4', table: 'nat', chain: 'KUBE-SERVICES', number: 3, argv: [] },
    ],
    [
      '-m comment --comment "-t nat" -j DROP',
      { ...nowhere, argv: ['-m', 'comment', '--comment', '-t nat', '-j', 'DROP'] },
    ],
  ])('%s', (text, asked) => expect(parseRuleText(text)).toEqual(asked));

  test.each(['', 'KUBE-SERVICES', '-j "DROP'])('%j is not a rule', text =>
    expect(errorOf(() => parseRuleText(text))).toMatchObject({ code: 'option-invalid' }),
  );

  test('every rule of kproxy survives the quotes of iptables-save and of the script', () => {
    const { cluster, options } = parityCaseOf('all-together');
    const rules = elementsOf(sourcesFromAfar(cluster, options).desired.state, 'chain').flatMap(chain => chain.rules);
    expect(rules.length).toBeGreaterThan(20);
    for (const rule of rules) {
      expect(parseRuleText(savedLine('X', rule)).argv).toEqual(rule);
      expect(shellWords(quoteCommand(rule))).toEqual(rule);
    }
  });
});

test.each([
  [
    '-p tcp -m tcp --dport 80 -s 10.0.0.1 -j DROP',
    '-s 10.0.0.1/32 -p tcp --destination-port 80 -m comment --comment x -j DROP',
  ],
  [
    '-p 6 --syn -j MARK --set-mark 0x1',
    '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j MARK --set-xmark 0x1/0xffffffff',
  ],
])('%s does the same as %s', (one, other) =>
  expect(ruleFingerprint(shellWords(one))).toBe(ruleFingerprint(shellWords(other))),
);

test.each([
  ['-s 10.0.0.1 -j DROP', '! -s 10.0.0.1 -j DROP'],
  ['-s 10.0.0.1 -j DROP', '-d 10.0.0.1 -j DROP'],
  ['-j KUBE-FORWARD', '-g KUBE-FORWARD'],
])('%s does something else than %s', (one, other) =>
  expect(ruleFingerprint(shellWords(one))).not.toBe(ruleFingerprint(shellWords(other))),
);

test('a rule of kproxy: where it is, when a packet meets it, and why', async () => {
  const sources = await sourcesOf(cluster, tutorialProxy);
  expect(partText(explainRule(accept, sources), paintWith(false))).toBe(
    [
      '-m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT',
      '',
      '  Packets whose destination address and port are in the set KUBE-CLUSTER-IP are',
      '  accepted: no further rule of this table and hook sees them.',
      '',
      '  Rule 3 of KUBE-SERVICES in iptables -t nat: as it should be.',
      '      Packets at PREROUTING and OUTPUT can reach it.',
      '      why: No later rule may send the packet elsewhere.',
      '      set KUBE-CLUSTER-IP: 1 entry for default/web',
      '',
    ].join('\n'),
  );
  expect(explainRule('nat KUBE-SERVICES 3', sources).places).toEqual(explainRule(accept, sources).places);
});

test('a rule that the node lacks and kproxy needs is missing', async () => {
  const sources = await sourcesOf(cluster, tutorialProxy, kernel => {
    kernel.tables.IPv4.get('nat')?.get('KUBE-SERVICES')?.rules.splice(2, 1);
  });
  expect(explainRule(accept, sources).places).toMatchObject([
    {
      chain: 'KUBE-SERVICES',
      number: undefined,
      state: 'missing',
      why: 'No later rule may send the packet elsewhere.',
    },
  ]);
});

test('a foreign rule, and one that is nowhere', async () => {
  const sources = await sourcesOf(cluster, tutorialProxy, lines('iptables -t filter -A INPUT -s 192.0.2.1/32 -j DROP'));
  expect(explainRule('-A OUTPUT -s 192.0.2.1 -j DROP', sources).places).toMatchObject([
    { table: 'filter', chain: 'INPUT', state: 'foreign', why: undefined, hooks: ['INPUT'] },
  ]);
  expect(partText(explainRule('-A OUTPUT -s 192.0.2.1 -j DROP', sources), paintWith(false))).toContain(
    'OUTPUT does not have it.',
  );
  const nowhere = explainRule('iptables -t nat -A OUTPUT -s 192.0.2.2 -j ACCEPT', sources);
  expect(partText(nowhere, paintWith(false))).toContain(
    'No chain of this node has it, and kproxy does not need it in nat OUTPUT.',
  );
});

test('a number that is not there, and a chain in two tables', async () => {
  const sources = await sourcesOf(cluster, tutorialProxy);
  expect(errorOf(() => explainRule('nat KUBE-SERVICES 9', sources))).toMatchObject({
    code: 'option-invalid',
    message: 'nat KUBE-SERVICES has 3 rules, and no rule 9',
  });
  expect(errorOf(() => explainRule('OUTPUT 1', sources))).toMatchObject({ message: 'OUTPUT is in filter and nat' });
  expect(errorOf(() => explainRule('nat KUBE-SERVCES 1', sources))).toMatchObject({
    evidence: 'Similar is KUBE-SERVICES.',
  });
});
