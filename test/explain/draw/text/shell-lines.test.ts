import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellLines } from '../../../../src/explain/draw/text/shell-lines.js';
import { quoteCommand } from '../../../../src/script/quote.js';

const long =
  'iptables -w -t nat -I KUBE-SERVICES 3 ! -s 10.244.0.0/16 -m comment --comment ' +
  '"Kubernetes service cluster ip + port for masquerade purpose" -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT';

test('a command is broken between words, and a backslash continues it', () => {
  expect(shellLines(long, '  ')).toEqual([
    '  iptables -w -t nat -I KUBE-SERVICES 3 ! -s 10.244.0.0/16 -m comment \\',
    '    --comment "Kubernetes service cluster ip + port for masquerade purpose" -m \\',
    '    set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT',
  ]);
});

test('a short command stays on one line', () => {
  expect(shellLines('ipset add KUBE-CLUSTER-IP 10.254.10.128,tcp:80', '')).toEqual([
    'ipset add KUBE-CLUSTER-IP 10.254.10.128,tcp:80',
  ]);
});

test('a shell reads the same words from the lines as from the command', () => {
  const word = fc.string({ unit: fc.constantFrom('a', ' ', "'", '"', '\\', '$', '-', '  ', ';', '#'), maxLength: 30 });
  const readWords = (command: string): string =>
    execFileSync('sh', ['-c', command.replace('COMMAND', "printf '<%s>'")], { encoding: 'utf8' });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), words => {
      const command = quoteCommand(['COMMAND', ...words]);
      expect(readWords(shellLines(command, '  ').join('\n'))).toBe(readWords(command));
    }),
    { numRuns: 60, seed: 20261130 },
  );
});
