import type { Change } from '../node/change.js';
import { commentLines } from './quote.js';
import type { Writing } from './step-text.js';

export interface ScriptOptions extends Writing {
  readonly nodeName: string;
  /** What the script starts from: the node as it was read, or nothing, and why. */
  readonly startsFrom: string;
  /** What the script is for; programming the node where nothing else is said. */
  readonly purpose?: 'cleanup';
}

/** The script's first lines: what it does and what it starts from. */
export function header(plan: readonly Change[], options: ScriptOptions): string {
  const text =
    plan.length === 0
      ? nothingToDo(options)
      : 'It may be run again at any time: what is done already is not done twice.';
  return [
    '#!/bin/sh',
    ...commentLines(
      options.purpose === 'cleanup'
        ? `Removes everything that kproxy, or kube-proxy's ipvs mode, has programmed on node ${options.nodeName}, and nothing else.`
        : `Programs node ${options.nodeName} for its Services in IPVS mode, starting from ${options.startsFrom}.`,
    ),
    ...commentLines(text),
    'set -eu',
    'export LC_ALL=C',
  ].join('\n');
}

const nothingToDo = ({ purpose }: ScriptOptions): string =>
  purpose === 'cleanup'
    ? "There is nothing to do: nothing of kproxy's is on the node."
    : 'There is nothing to do: the node is as its Services ask.';
