import type { Step } from '../trace/trace.js';

/** Steps that are drawn as one: the tables of a hook, or a single step of another kind. */
export type Block = readonly [Step, ...Step[]];

/** Puts the tables of one hook together. */
export function blocksOf(steps: readonly Step[]): readonly Block[] {
  const blocks: [Step, ...Step[]][] = [];
  for (const step of steps) {
    const block = blocks.at(-1);
    if (block !== undefined && isSameHook(block[0], step)) block.push(step);
    else blocks.push([step]);
  }
  return blocks;
}

const isSameHook = (one: Step, other: Step): boolean =>
  one.kind === 'table' && other.kind === 'table' && one.hook === other.hook && one.way === other.way;
