/** What a page consists of. */
export type Block = 'act' | 'step' | 'text' | 'command' | 'output' | 'moved' | 'line' | 'question' | 'keys';

/** Returns how many empty lines are between two blocks. `previous` is undefined at the beginning. */
export function gapBetween(previous: Block | undefined, next: Block): number {
  if (previous === undefined) return 0;
  if (next === 'act') return 2;
  if (next === 'step') return previous === 'act' ? 1 : 2;
  if (next === 'output') return 0;
  // What is typed at the prompt below the keys is a block of its own already.
  if (previous === 'keys' && (next === 'command' || next === 'line' || next === 'keys')) return 0;
  if (previous === next && (next === 'line' || next === 'command')) return 0;
  return 1;
}
