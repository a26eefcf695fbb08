import { expect, test } from 'vitest';
import type { RawObservation } from '../../../src/tutorial/lab/raw-observation.js';
import { watchYuanying } from '../../../src/tutorial/lab/yuanying-watch.js';

const nothing = { ipset: '', iptables: '', addresses: '[]', ipVs: '', stats: '', sysctls: '' };
const observation = (yuanying = nothing): RawObservation => ({
  workers: { inajob: nothing, yuanying },
  objects: {},
  rootShells: [],
});

/** Returns whether yuanying is known after an observation and these lines. */
function isKnownAfter(...lines: readonly (readonly ['inajob' | 'yuanying' | 'web-yuanying', string])[]): boolean {
  const watch = watchYuanying();
  watch.observed(observation());
  for (const [machine, line] of lines) watch.line(machine, line);
  return watch.known() !== undefined;
}

test('at first nothing is known', () => {
  expect(watchYuanying().known()).toBeUndefined();
});

test('what was read stays known while others work', () => {
  expect(isKnownAfter(['inajob', 'curl 10.254.10.128'], ['inajob', 'ipset create A hash:ip'])).toBe(true);
});

test.each([
  ['yuanying', 'true'],
  ['web-yuanying', 'web stop'],
  ['inajob', 'ip netns exec yuanying iptables -L'],
  ['inajob', 'sudo modprobe ip_vs'],
] as const)('a line on %s, %s, makes it unknown', (machine, line) => {
  expect(isKnownAfter([machine, line])).toBe(false);
});

test('rules with counters, and any shell, make it unknown for good', () => {
  const watch = watchYuanying();
  watch.observed(observation({ ...nothing, iptables: '*nat\n' }));
  expect(watch.known()).toBeUndefined();
  watch.observed(observation());
  expect(watch.known()).toEqual(nothing);
  watch.shell();
  watch.observed(observation());
  expect(watch.known()).toBeUndefined();
});
