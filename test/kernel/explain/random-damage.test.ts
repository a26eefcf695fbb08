import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DatapathIndex } from '../../../src/explain/datapath/datapath-index.js';
import { damageLines } from './support/damage.js';
import { useDamagedNode } from './support/damaged-node.js';
import { type Flow, flows, flowsToAsk, saidOf, seenOf } from './support/random-flows.js';

/** How often a node is damaged, and with which seed. A failure names the seed and the path to its case. */
const cases = Number(process.env.KPROXY_DAMAGE_CASES ?? 2);
const seed = Number(process.env.KPROXY_DAMAGE_SEED ?? 20_261_130);
const path = process.env.KPROXY_DAMAGE_PATH;

const node = useDamagedNode();

interface Difference {
  readonly flow: string;
  readonly said: readonly string[];
  readonly seen: readonly string[];
}

const isSame = (one: readonly string[], other: readonly string[]): boolean => one.join() === other.join();
const isKnown = (said: readonly string[]): boolean => !said.includes('kproxy does not know');

/** Returns where explain and the kernel differ. A busy machine may answer late, so that a difference is asked again. */
async function differences(damaged: DatapathIndex, asked: readonly Flow[]): Promise<readonly Difference[]> {
  const said = new Map(asked.map(flow => [flow, saidOf(damaged, flow)]));
  const different = async (some: readonly Flow[], milliseconds: number) => {
    const seen = await seenOf(node.sandbox(), some, milliseconds);
    return some.flatMap((flow, index) => {
      const [one = [], other = []] = [said.get(flow), seen[index]];
      return isSame(one, other) ? [] : [{ flow, said: one, seen: other }];
    });
  };
  const known = asked.filter(flow => isKnown(said.get(flow) ?? []));
  const first = await different(known, 300);
  const again =
    first.length === 0
      ? []
      : await different(
          first.map(({ flow }) => flow),
          2_000,
        );
  return again.map(({ flow, ...rest }) => ({ flow: flow.name, ...rest }));
}

test('explain says what happens to packets of the undamaged node', async () => {
  expect(await differences(node.whole(), flows)).toEqual([]);
});

test(`explain says what happens to packets after random damage (${cases} cases, seed ${seed})`, async () => {
  const damage = fc.array(damageLines(node.whole().datapath), { minLength: 1, maxLength: 3 });
  const property = fc.asyncProperty(damage, fc.nat(), async (lines, order) => {
    const found = await node.with(lines, damaged => differences(damaged, flowsToAsk(node.whole(), damaged, order)));
    expect(found).toEqual([]);
  });
  const parameters = { seed, numRuns: cases, ...(path === undefined ? {} : { path }) };
  await fc.assert(property, { ...parameters, endOnFailure: true });
}, 3_600_000);
