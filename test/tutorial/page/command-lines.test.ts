import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { widthOf } from '../../../src/output/width.js';
import { commandLines } from '../../../src/tutorial/page/command-lines.js';
import { styleOf } from '../../../src/tutorial/page/style.js';

const rule =
  'sudo iptables -t nat -A KUBE-SERVICES ! -s 10.244.0.0/16 -m comment ' +
  '--comment "Kubernetes service cluster ip + port for masquerade purpose" ' +
  '-m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ';

const linesOf = (command: string, columns = 80, isRoot = true, colors = false) =>
  commandLines('inajob', isRoot, command, {
    ...styleOf({ write: () => {}, columns: () => columns, colors, language: 'en', isUnicode: true }),
  });

describe('a command', () => {
  test('has the prompt of its machine', () => {
    expect(linesOf('ipvsadm -Ln')).toEqual(['inajob# ipvsadm -Ln']);
    expect(linesOf('curl 10.254.10.128', 80, false)).toEqual(['inajob$ curl 10.254.10.128']);
  });

  test('of several lines looks as it is typed in a shell', () => {
    expect(linesOf('A=1\ncat <<EOF\n\tkind: Endpoints\n\nEOF\n')).toEqual([
      'inajob# A=1',
      '> cat <<EOF',
      '> \tkind: Endpoints',
      '> ',
      '> EOF',
    ]);
  });

  test('that is too wide continues after a backslash, with each option beside its value', () => {
    expect(linesOf(rule)).toEqual([
      'inajob# sudo iptables -t nat -A KUBE-SERVICES ! -s 10.244.0.0/16 -m comment \\',
      '    --comment "Kubernetes service cluster ip + port for masquerade purpose" \\',
      '    -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ',
    ]);
  });

  test('that is too wide continues with an operator if that is enough', () => {
    const loop = 'for i in 1 2 3 4; do curl -m 1 10.254.10.128 || echo "no answer"; done';
    expect(linesOf(loop, 76)).toEqual([
      'inajob# for i in 1 2 3 4; do curl -m 1 10.254.10.128 \\',
      '    || echo "no answer"; done',
    ]);
    expect(linesOf(loop, 40)).toEqual([
      'inajob# for i in 1 2 3 4; do curl -m 1 \\',
      '    10.254.10.128 || echo "no answer"; \\',
      '    done',
    ]);
  });

  test('has colors in each of its lines', () => {
    expect(linesOf('echo one two three four', 24, true, true)).toEqual([
      '\u001b[32minajob#\u001b[39m \u001b[1mecho one two \\\u001b[22m',
      '    \u001b[1mthree four\u001b[22m',
    ]);
  });

  test.each([
    ['a word is wider than the terminal', rule, 40],
    ['a quote is open', 'echo "one two three four five', 24],
    ['there is a comment', 'echo one two three # four five', 24],
    ['blanks follow one another', 'echo one two  three four five', 24],
    ['it fits', 'echo 90123456789', 24],
  ])('stays in one line if %s', (_, command, columns) => {
    expect(linesOf(command, columns)).toEqual([`inajob# ${command}`]);
  });

  test('is read by a shell as the same words, whatever its width', () => {
    const word = fc.constantFrom(
      '-m',
      'set',
      '!',
      '"a b"',
      "'c  d'",
      'e\\ f',
      '$HOME',
      '"$(echo g h)"',
      'i"j k"l',
      '10.0.0.1',
    );
    const command = fc.array(word, { minLength: 6, maxLength: 20 }).map(words => `printf '%s\\n' ${words.join(' ')}`);
    const outputOf = (text: string) => spawnSync('sh', ['-c', text], { encoding: 'utf8' }).stdout;
    fc.assert(
      fc.property(command, fc.integer({ min: 32, max: 80 }), (text, columns) => {
        const lines = linesOf(text, columns);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        const copied = lines.join('\n').slice('inajob# '.length);
        expect(copied.replaceAll(' \\\n    ', ' ')).toBe(text);
        expect(outputOf(copied)).toBe(outputOf(text));
      }),
      { numRuns: 30 },
    );
  });
});
