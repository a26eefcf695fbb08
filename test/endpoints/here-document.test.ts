import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hereDocument, quoteCommand } from '../../src/script/quote.js';

const withStdin = (argv: readonly string[], input: string): string => `${quoteCommand(argv)} ${hereDocument(input)}\n`;

/** A program that prints the arguments and the stdin that the shell passes to it. */
const echo = [
  process.execPath,
  '-e',
  'process.stdout.write(JSON.stringify([process.argv.slice(1), require("fs").readFileSync(0, "utf8")]))',
];

function throughShell(argv: readonly string[], input: string): unknown {
  const script = withStdin([...echo, ...argv], input);
  const { stdout, stderr, status } = spawnSync('sh', ['-eu'], { input: script, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe('a command printed with its stdin for a shell', () => {
  test('has the form that the tutorial shows', () => {
    expect(withStdin(['kubectl', 'apply', '-f', '-'], 'kind: Endpoints\n')).toBe(
      "kubectl apply -f - <<'EOF'\nkind: Endpoints\nEOF\n",
    );
  });

  test.each([
    ['variables and commands', 'a: $HOME `id` $(id) \\\n'],
    ['lines that look like the delimiter', 'a\nEOF\nEOF2\nrm -rf x\n'],
    ['quotes', `"it's"\n`],
  ])('%s reach the command unchanged', (_, input) => {
    expect(throughShell(['--', "it's", '$(id)', '', '*'], input)).toEqual([["it's", '$(id)', '', '*'], input]);
  });

  test('any other text reaches the command unchanged', () => {
    // No argv and no here-document can hold a NUL.
    const text = fc.string({ unit: 'binary' }).filter(value => !value.includes('\0'));
    const wellFormed = text.map(value => Buffer.from(value, 'utf8').toString('utf8'));
    const cases = fc.property(fc.array(wellFormed), wellFormed, (argv, input) => {
      const line = `${input}\n`;
      expect(throughShell(['--', ...argv], line)).toEqual([argv, line]);
    });
    fc.assert(cases, { numRuns: 25 });
  });
});
