import { setTimeout } from 'node:timers/promises';
import type { Learner } from './learner.js';

interface AutomaticOptions {
  /** Returns the number of lines that were printed so far. */
  readonly linesPrinted: () => number;
  /** How long a reader takes for ten lines. */
  readonly millisecondsForTenLines: number;
}

/** Nobody types: Enter is pressed as soon as a reader has had time for what was printed. */
export function automaticLearner({ linesPrinted, millisecondsForTenLines }: AutomaticOptions): Learner {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.on('SIGINT', onInterrupt);
  let linesRead = 0;
  const read = async (): Promise<void> => {
    const lines = linesPrinted() - linesRead;
    linesRead += lines;
    if (millisecondsForTenLines === 0) return;
    // An interruption ends the wait.
    const wait = setTimeout((lines * millisecondsForTenLines) / 10, undefined, { signal: interrupt.signal });
    await wait.catch(() => undefined);
  };
  return {
    isAutomatic: true,
    async ask() {
      await read();
      return interrupt.signal.aborted ? { kind: 'interrupted', isSomethingDropped: false } : { kind: 'line', text: '' };
    },
    whileBusy: work => work(interrupt.signal),
    handOver: work => work(),
    close: () => process.removeListener('SIGINT', onInterrupt),
  };
}
