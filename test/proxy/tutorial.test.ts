import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Chain, Element } from '../../src/node/element.js';
import { keyOf } from '../../src/node/kinds/index.js';
import { nodeState } from '../../src/node/state.js';
import { compareWithTutorial } from '../../src/proxy/tutorial.js';
import { parityOptions } from '../support/parity-case.js';
import { randomCluster } from '../support/random-cluster.js';
import { desiredState } from '../support/situation.js';

const chain = (...rules: readonly string[]): Chain => ({
  kind: 'chain',
  family: 'IPv4',
  table: 'nat',
  name: 'KUBE-SERVICES',
  rules: rules.map(rule => rule.split(' ')),
});
const set = (name: string): Element => ({
  kind: 'set',
  name,
  type: 'hash:ip,port',
  family: 'IPv4',
  maximum: undefined,
});

test('an element is beyond the tutorial if the tutorial has none with its key, whatever its other fields', () => {
  const { isBeyond } = compareWithTutorial(nodeState([set('KUBE-CLUSTER-IP')]));
  expect(isBeyond(set('KUBE-CLUSTER-IP'))).toBe(false);
  expect(isBeyond({ ...set('KUBE-CLUSTER-IP'), maximum: 1 } as Element)).toBe(false);
  expect(isBeyond(set('KUBE-LOAD-BALANCER'))).toBe(true);
});

test('a rule is beyond the tutorial if its chain there has none with the same words, wherever it is', () => {
  const { isRuleBeyond } = compareWithTutorial(nodeState([chain('-j ACCEPT', '-j RETURN')]));
  const full = chain('-j RETURN', '-s 127.0.0.0/8 -j RETURN', '-j ACCEPT');
  expect(full.rules.map((_, index) => isRuleBeyond(full, index))).toEqual([false, true, false]);
  const other = { ...full, name: 'KUBE-LOAD-BALANCER' };
  expect(other.rules.map((_, index) => isRuleBeyond(other, index))).toEqual([true, true, true]);
});

test('the words of a rule are compared one by one', () => {
  const { isRuleBeyond } = compareWithTutorial(nodeState([{ ...chain(), rules: [['--comment', 'a b']] }]));
  expect(isRuleBeyond({ ...chain(), rules: [['--comment', 'a', 'b']] }, 0)).toBe(true);
});

test('no part of a tutorial’s own desired state is beyond it', () => {
  fc.assert(
    fc.property(randomCluster, cluster => {
      const state = desiredState(cluster, { ...parityOptions, profile: 'tutorial' });
      const { isBeyond, isRuleBeyond } = compareWithTutorial(state);
      for (const element of state.values()) {
        expect(isBeyond(element), keyOf(element)).toBe(false);
        if (element.kind === 'chain' || element.kind === 'jumps')
          element.rules.forEach((_, index) => void expect(isRuleBeyond(element, index)).toBe(false));
      }
    }),
    { seed: 20261130, numRuns: 50 },
  );
});
