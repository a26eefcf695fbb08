import type { TableStep } from '../trace/trace.js';
import { destinationText, markText, sourceText } from './words.js';

const resultTexts = {
  accept: 'accepted',
  policy: 'passes',
  drop: 'DROPPED',
  reject: 'REJECTED',
  translate: 'translated',
  uncertain: 'uncertain',
} as const satisfies Record<TableStep['result'], string>;

/** Returns how a table let the packet go: `accepted`, `policy ACCEPT`, `DROPPED by policy DROP`. */
export function resultText({ result, policy }: TableStep): string {
  if (policy === undefined) return resultTexts[result];
  return result === 'policy' ? `policy ${policy}` : `${resultTexts[result]} by policy ${policy}`;
}

/** Returns what a table changed in the packet: `mark 0x4000`, `source 192.168.33.11`. */
export function changesOf({ before, ends, markBefore, markAfter }: TableStep): readonly string[] {
  const change = (what: string, from: string, to: string) => (from === to ? [] : [`${what} ${to}`]);
  return [
    ...change('mark', markText(markBefore), markText(markAfter)),
    ...change('source', sourceText(before), sourceText(ends)),
    ...change('destination', destinationText(before), destinationText(ends)),
  ];
}
