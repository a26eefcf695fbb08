/** What a page consists of. */
export type Block = 'act' | 'step' | 'text' | 'command' | 'output' | 'moved' | 'line' | 'question' | 'keys';

/** Blocks that belong to the one before, without an empty line between them. */
const close: Readonly<Partial<Record<Block, readonly Block[]>>> = {
  command: ['command', 'line', 'output'],
  // What is typed at the prompt below the keys comes between these.
  keys: ['command', 'line', 'output', 'keys'],
  line: ['line', 'output'],
};

/** Returns how many empty lines are between two blocks. `previous` is undefined at the beginning. */
export function gapBetween(previous: Block | undefined, next: Block): number {
  if (previous === undefined || close[previous]?.includes(next)) return 0;
  if (next === 'act') return 2;
  if (next === 'step') return previous === 'act' ? 1 : 2;
  return 1;
}
