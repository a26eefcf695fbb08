import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renewLessonSteps } from '../../scripts/readme/lesson-steps.js';
import { playLesson } from '../../scripts/readme/play-lesson.js';

const printed = new Map([
  ['curl', '\n\n── 1/9  A title ──\n\nnode$ one \none\n\n✓ Done.\n\nnode$ two\n\n✓ Done.\n\n\n'],
]);
const page = (comment: string, block: string) => `a\n\n<!-- lesson: ${comment} -->\n\n\`\`\`text\n${block}\`\`\`\nb\n`;

describe('the README shows steps of the lesson', () => {
  test('as the lesson prints them', async () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    // If the lesson has changed on purpose, scripts/readme.sh updates the README.
    expect(renewLessonSteps(readme, await playLesson())).toBe(readme);
    expect([...readme.matchAll(/^<!-- lesson: /gm)].length).toBeGreaterThan(0);
  });

  test('as a whole', () => {
    const whole = '── 1/9  A title ──\n\nnode$ one\none\n\n✓ Done.\n\nnode$ two\n\n✓ Done.\n';
    expect(renewLessonSteps(page('curl', 'old\n'), printed)).toBe(page('curl', whole));
  });

  test('or to the end of a task', () => {
    const first = '── 1/9  A title ──\n\nnode$ one\none\n\n✓ Done.\n';
    expect(renewLessonSteps(page('curl, 1 task', ''), printed)).toBe(page('curl, 1 task', first));
  });

  test('but neither a step nor a task that does not exist', () => {
    expect(() => renewLessonSteps(page('wget', ''), printed)).toThrow('the lesson has no step wget');
    expect(() => renewLessonSteps(page('curl, 3 tasks', ''), printed)).toThrow('the step curl has no 3 tasks');
  });

  test('and leaves other blocks alone', () => {
    const other = '```text\nold\n```\n';
    expect(renewLessonSteps(other, printed)).toBe(other);
  });
});
