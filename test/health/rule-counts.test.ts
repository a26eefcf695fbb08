import { expect, test } from 'vitest';
import { ruleCounts, writtenRules } from '../../src/health/rule-counts.js';
import { nodeState } from '../../src/node/state.js';
import { serviceObject } from '../support/sample-objects.js';
import { programmedNode, sliceObject } from '../sync/support/programmed-node.js';

test('the rules of a programmed node are those that iptables-save prints', async () => {
  const programmed = await programmedNode([]);
  const { desired, plan } = await programmed.put(
    serviceObject('web', '10.96.0.1', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] }),
    sliceObject('web', ['10.244.1.3']),
  );
  const { stdout } = await programmed.node.run({ argv: ['iptables-save'] });
  const saved = (table: string) =>
    stdout
      .split(`*${table}\n`)[1]
      ?.split('COMMIT')[0]
      ?.match(/^-A .*KUBE-/gm)?.length ?? 0;
  const counts = [
    { family: 'IPv4', table: 'filter', rules: saved('filter') },
    { family: 'IPv4', table: 'nat', rules: saved('nat') },
    { family: 'IPv6', table: 'filter', rules: 0 },
    { family: 'IPv6', table: 'nat', rules: 0 },
  ];
  expect(saved('nat')).toBeGreaterThan(3);
  expect(ruleCounts(desired.state)).toEqual(counts);
  // Before the Service the node had no rules.
  expect(writtenRules(plan)).toEqual(counts);
});

test('removed rules are not written', () => {
  const chain = {
    kind: 'chain',
    family: 'IPv6',
    table: 'filter',
    name: 'KUBE-FORWARD',
    rules: [['-j', 'DROP']],
  } as const;
  expect(writtenRules([{ verb: 'remove', before: chain }]).map(({ rules }) => rules)).toEqual([0, 0, 0, 0]);
  expect(writtenRules([{ verb: 'add', after: chain }]).map(({ rules }) => rules)).toEqual([0, 0, 1, 0]);
  expect(ruleCounts(nodeState([chain])).map(({ rules }) => rules)).toEqual([0, 0, 1, 0]);
});
