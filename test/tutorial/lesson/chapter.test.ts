import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandsOf } from './commands.js';
import { steps } from './lesson-texts.js';

const chapter = commandsOf(readFileSync(new URL('chapter-commands.txt', import.meta.url), 'utf8'));
const lesson = steps.flatMap(step =>
  step.kind === 'page' ? [] : step.tasks.flatMap(task => commandsOf(task.command)),
);

/** Returns those of the wanted commands that are found after each other. */
function foundInOrder(wanted: readonly string[], commands: readonly string[]): readonly string[] {
  let from = 0;
  return wanted.filter(command => {
    const index = commands.indexOf(command, from);
    if (index >= 0) from = index + 1;
    return index >= 0;
  });
}

describe('the commands of the chapter', () => {
  it('are all in the lesson, as the chapter writes them and in its order', () => {
    expect(foundInOrder(chapter, lesson)).toEqual(chapter);
  });

  it('are as many as the chapter has', () => {
    expect(chapter).toHaveLength(37);
  });

  it('are split into single commands, with their here-documents', () => {
    expect(commandsOf('A=1\ncat <<EOF | sort\nb\n\na\nEOF\n\ndone')).toEqual([
      'A=1',
      'cat <<EOF | sort\nb\n\na\nEOF',
      'done',
    ]);
  });

  it('are not found if one is missing or at another place', () => {
    expect(foundInOrder(['a', 'b', 'c'], ['b', 'a', 'c'])).toEqual(['a', 'c']);
  });
});
