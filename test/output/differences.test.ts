import { expect, test } from 'vitest';
import type { Change } from '../../src/node/change.js';
import { noReasons } from '../../src/node/reason.js';
import { differenceOf, differencesText } from '../../src/output/differences.js';
import { paintWith } from '../../src/output/paint.js';
import { statusText } from '../../src/output/status-text.js';
import { table } from '../../src/output/table.js';

const server = (port: number, scheduler = 'rr') =>
  ({
    kind: 'virtual-server',
    protocol: 'TCP',
    address: '10.96.0.1',
    port,
    scheduler,
    flags: [],
    persistence: undefined,
  }) as const;
const reason = (servicePort: string | undefined, why = 'It would be missed.') => ({ servicePort, why });
const plain = paintWith(false);
const textOf = (...changes: readonly Change[]) =>
  differencesText(
    'inajob',
    changes.map(change => differenceOf(change, noReasons)),
    plain,
  );

test('a node in sync is one line', () => {
  expect(textOf()).toBe('node inajob: in sync\n');
});

test('one difference is counted in the singular', () => {
  expect(textOf({ verb: 'add', after: server(80), reasons: [reason('default/web')] })).toBe(`default/web
  + virtual server TCP 10.96.0.1:80 rr
      It would be missed.

node inajob: 1 difference (1 to add, 0 to change, 0 to remove)
kproxy explain default/web shows what that does to a packet
`);
});

test('a difference of several Service ports is listed under the first, with each reason once', () => {
  const reasons = [reason('default/a'), reason('default/b'), reason('default/c', 'It has another reason.')];
  expect(
    textOf({ verb: 'add', after: server(80), reasons })
      .split('\n')
      .slice(0, 4),
  ).toEqual([
    'default/a and 2 more',
    '  + virtual server TCP 10.96.0.1:80 rr',
    '      It would be missed.',
    '      It has another reason.',
  ]);
});

test('differences are grouped in the order in which their groups appear first', () => {
  const text = textOf(
    { verb: 'add', after: server(80), reasons: [reason('default/b')] },
    { verb: 'change', before: server(81, 'wrr'), after: server(81), reasons: [reason('default/a')] },
    { verb: 'remove', before: server(82) },
    { verb: 'add', after: server(83), reasons: [reason('default/b')] },
    { verb: 'add', after: { kind: 'module', name: 'ip_vs' }, reasons: [reason(undefined)] },
  );
  expect(text.split('\n').filter(line => /^\S/.test(line))).toEqual([
    'default/b',
    'default/a',
    'leftovers',
    'the node itself',
    'node inajob: 5 differences (3 to add, 1 to change, 1 to remove)',
    'kproxy explain default/b shows what that does to a packet',
  ]);
});

test('the columns of a table are as wide as their widest cell, and no line ends in spaces', () => {
  expect(
    table([
      ['A', 'LONGER', 'C'],
      ['wide cell', 'b', ''],
      ['x', '', 'c'],
    ]),
  ).toBe('A           LONGER   C\nwide cell   b\nx                    c\n');
});

test('the name of a Service port is quoted for a shell', () => {
  expect(textOf({ verb: 'add', after: server(80), reasons: [reason("default/a'$(reboot)")] })).toContain(
    `\nkproxy explain 'default/a'\\''$(reboot)' shows what that does to a packet\n`,
  );
});

test('a status without Service ports says so, and what the node itself lacks', () => {
  const lack = differenceOf({ verb: 'add', after: { kind: 'module', name: 'ip_vs' }, reasons: [] }, noReasons);
  const status = { node: 'inajob', inSync: false, servicePorts: [], nodeDifferences: [lack] };
  expect(statusText(status, false, plain)).toBe(`no Service ports

the node itself
  + kernel module ip_vs

node inajob: 1 difference (1 to add, 0 to change, 0 to remove)
`);
});

test('with colors, the text is the same', () => {
  const add: Change = { verb: 'add', after: server(80), reasons: [reason('default/web')] };
  const differences = [differenceOf(add, noReasons)];
  const colored = differencesText('inajob', differences, paintWith(true));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds the colors
  const codes = /\u001b\[\d+m/g;
  expect(colored.match(codes)?.length).toBeGreaterThan(2);
  expect(colored.replace(codes, '')).toBe(differencesText('inajob', differences, plain));
});
