import { widthOf } from '../../output/width.js';
import { lineRanges, type Margins } from '../../output/wrap.js';
import { visible } from '../../visible.js';
import type { Machine } from '../machines.js';
import { staysWithOption } from './option-words.js';
import type { Style } from './style.js';

/**
 * Returns a command as it looks in a shell, so that it can be copied from there. One that is wider than the terminal
 * continues after a backslash.
 */
export function commandLines(on: Machine, isRoot: boolean, command: string, style: Style): readonly string[] {
  const { green, bold } = style.paint;
  const prompt = `${on}${isRoot ? '#' : '$'}`;
  const [first = '', ...more] = command.replace(/\n$/, '').split('\n').map(shown);
  if (more.length > 0) return [`${green(prompt)} ${bold(first)}`, ...more.map(line => `${green('>')} ${bold(line)}`)];
  const [start = '', ...rest] = continued(first, { first: `${prompt} `, rest: continuation }, style.width);
  return [`${green(prompt)} ${bold(start)}`, ...rest.map(line => `${continuation}${bold(line)}`)];
}

const continuation = ' '.repeat(4);

/** Escapes control characters, but for tabs, which a here-document may begin its lines with. */
const shown = (line: string): string => line.split('\t').map(visible).join('\t');

/** A word of a command as a shell reads it, with all of its quotes closed. */
const shellWord = /(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/gs;

/** What a line of a command may best begin with. */
const operator = /^(?:\|\|?|&&) /;

/**
 * Returns a command in lines that a shell reads as the same command: broken before operators if that is enough, or else
 * between its words, where options stay with their values if they can. It stays in one line if one of its words is
 * wider than the terminal, or if it has parts that could be read otherwise.
 */
function continued(command: string, margins: Margins, width: number): readonly string[] {
  const words = [...command.matchAll(shellWord)];
  const isPlain = words.map(([word]) => word).join(' ') === command && !words.some(([word]) => word.startsWith('#'));
  if (!isPlain || widthOf(margins.first + command) <= width) return [command];
  const starts = new Set(words.map(({ index }) => index));
  const places: readonly ((position: number) => boolean)[] = [
    position => starts.has(position) && operator.test(command.slice(position)),
    position => starts.has(position) && !staysWithOption(command, position),
    position => starts.has(position),
  ];
  for (const mayBreak of places) {
    const lines = lineRanges(command, margins, width - ' \\'.length, mayBreak);
    if (!lines.slice(1).every(({ start }) => mayBreak(start))) continue;
    return lines.map(({ start, end }, index) => command.slice(start, end) + (index < lines.length - 1 ? ' \\' : ''));
  }
  return [command];
}
