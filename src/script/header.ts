import type { Change } from '../node/change.js';
import { commentLine } from './quote.js';
import type { ScriptStyle } from './step-text.js';

export interface ScriptOptions extends ScriptStyle {
  readonly nodeName: string;
  /** What the script starts from: the node as it was read, or nothing and why. */
  readonly startsFrom: string;
  /** What the script is for. By default it programs the node. */
  readonly purpose?: 'cleanup';
}

/** Returns the script's first lines: what it does, and what it starts from. */
export function header(plan: readonly Change[], options: ScriptOptions, notes: readonly string[] = []): string {
  const state =
    plan.length === 0
      ? nothingToDo(options)
      : 'It may be run again at any time: what is done already is not done twice.';
  const purpose =
    options.purpose === 'cleanup'
      ? `Removes what kproxy, or the ipvs mode of kube-proxy, has programmed on node ${options.nodeName}, and ` +
        `nothing else.`
      : `Programs node ${options.nodeName} for its Services in IPVS mode, starting from ${options.startsFrom}.`;
  return ['#!/bin/sh', ...[purpose, state, ...notes].map(commentLine), 'set -eu', 'export LC_ALL=C'].join('\n');
}

const nothingToDo = ({ purpose }: ScriptOptions): string =>
  purpose === 'cleanup'
    ? "There is nothing to do: nothing of kproxy's is on the node."
    : 'There is nothing to do: the node is as its Services need it.';
