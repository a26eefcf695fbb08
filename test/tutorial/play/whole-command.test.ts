import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { needsMoreLines } from '../../../src/tutorial/play/whole-command.js';

const whole = [
  '',
  'ls',
  'echo "a b" \'c\' `date`',
  "echo it\\'s",
  'cat <<EOF\nPOD=1\nEOF',
  "cat <<'EOF' | tee file\nit's\nEOF\necho done",
  'cat <<-EOF\n\tindented\n\tEOF',
  'cat <<A <<B\na\nA\nb\nB',
  'cat <<"E F"\nx\nE F',
  'cat <<< word',
  'echo $((1 << 2)) $(( 3 ))',
  'echo $(echo ")" \')\' \\))',
  'for i in 1 2 3 4; do curl 10.254.10.128; done',
  'while true; do if true; then break; fi; done',
  'case $x in a) echo 1;; (b) echo 2;; esac',
  '{ echo a; }',
  '(cd / && ls)',
  'f() { echo; }',
  'echo for if case { do',
  'echo a # it\'s a "comment"',
  'echo a#b',
  'sleep 1 &',
  'time ls',
  '! ls',
  'ls 2>&1 >/dev/null',
  'iptables -A X ! -s 10.0.0.0/8 -m comment --comment "a b" -j Y',
  'echo a\\\nb',
  'ls |\ncat',
];

const open = [
  "echo 'a",
  'echo "a',
  'echo "a\\"',
  'echo `date',
  'echo $(date',
  'echo $(echo ")"',
  'echo a \\',
  'cat <<EOF',
  'cat <<EOF\na',
  'cat <<EOF\nEOF2\n EOF',
  'cat <<A <<B\na\nA\nb',
  'cat <<EOF\nEOF\ncat <<EOF\n',
  'for i in 1 2; do',
  'for i in 1 2; do echo; ',
  'for i in 1 2',
  'while true\ndo if true; then :; fi',
  'if true; then echo',
  'case $x in a) echo 1;;',
  '{ echo a;',
  '(cd /',
  'ls |',
  'ls && ',
  'ls ||\n',
];

describe.each([
  ['needs no more lines', whole, false],
  ['needs more lines', open, true],
])('a command that %s', (_, commands, expected) => {
  test.each(commands)('%j', text => {
    expect(needsMoreLines(text)).toBe(expected);
  });
});

/** Asks a shell, without running anything. It accepts a here-document that ends with the script. */
function isComplete(text: string): boolean {
  try {
    execFileSync('sh', ['-n', '-c', text], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

test('a shell agrees', () => {
  const noHereDocument = (text: string) => !/<<[^<]|<<<|\\$/.test(text);
  expect(whole.filter(noHereDocument).filter(text => !isComplete(text))).toEqual([]);
  expect(open.filter(noHereDocument).filter(isComplete)).toEqual([]);
});

test('the end of any complete command can be cut off, and what is left is read without an error', () => {
  for (const text of [...whole, ...open])
    for (let end = 0; end <= text.length; end += 1) expect(typeof needsMoreLines(text.slice(0, end))).toBe('boolean');
});
