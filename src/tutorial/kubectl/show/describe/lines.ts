import type { Mapping, Texts } from '../../objects/object.js';
import { mappingOf } from '../../objects/object.js';
import { alignTabs } from '../tabs.js';

/** An annotation may have several lines, or control characters. */
const visibleLine = (line: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  line.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, ' ');

/** Returns lines whose cells are separated by tabs as `kubectl describe` prints them. */
export const described = (lines: readonly string[]): string =>
  alignTabs(lines.map(line => `${visibleLine(line)}\n`).join(''), 2);

/** Returns the lines of labels: the first one behind the title, the others below it. */
export function pairLines(title: string, pairs: Texts | undefined, separator: string): readonly string[] {
  const entries = Object.entries<string>(pairs ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return [`${title}:\t<none>`];
  return entries.map(([key, value], index) => `${index === 0 ? `${title}:` : ''}\t${key}${separator}${value}`);
}

/** kubectl does not show its own annotation. */
export function annotationLines(annotations: Texts | undefined): readonly string[] {
  const shown = Object.entries<string>(mappingOf(annotations) as Texts).filter(
    ([key]) => !key.endsWith('/last-applied-configuration'),
  );
  return pairLines('Annotations', Object.fromEntries(shown), ': ');
}

export const textAt = (mapping: Mapping | undefined, field: string, otherwise = '<none>'): string =>
  String(mapping?.[field] ?? otherwise);
