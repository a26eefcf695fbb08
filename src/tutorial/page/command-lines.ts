import { visible } from '../../output/visible.js';
import type { Machine } from '../machines.js';
import type { Style } from './style.js';

/**
 * Returns a command as it looks in a shell. Its lines are left to the terminal to break, so that they can be copied and
 * are exactly what runs.
 */
export function commandLines(on: Machine, isRoot: boolean, command: string, { paint }: Style): readonly string[] {
  const prompt = `${on}${isRoot ? '#' : '$'}`;
  const [first = '', ...more] = command.replace(/\n$/, '').split('\n').map(shown);
  return [
    `${paint.green(prompt)} ${paint.bold(first)}`,
    ...more.map(line => `${paint.green('>')} ${paint.bold(line)}`),
  ];
}

/** Escapes control characters, but for tabs, which a here-document may begin its lines with. */
const shown = (line: string): string => line.split('\t').map(visible).join('\t');
