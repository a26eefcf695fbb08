import { expect, test } from 'vitest';
import type { Change } from '../../src/node/change.js';
import { differenceOf, differencesText } from '../../src/output/differences.js';
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
const reason = (servicePort: string | undefined, why = 'it would be missed') => ({ servicePort, why });
const textOf = (...changes: readonly Change[]) =>
  differencesText(
    'inajob',
    changes.map(change => differenceOf(change, new Map())),
  );

test('no difference is one line', () => {
  expect(textOf()).toBe('node inajob: in sync\n');
});

test('one is counted as one', () => {
  expect(textOf({ verb: 'add', after: server(80), reasons: [reason('default/web')] })).toBe(`default/web
  + virtual server TCP 10.96.0.1:80 rr
      without it it would be missed

node inajob: 1 difference (1 to add, 0 to change, 0 to remove)
`);
});

test('what several Service ports ask for stands under the first, with each reason once', () => {
  const reasons = [reason('default/a'), reason('default/b'), reason('default/c', 'of another reason')];
  expect(
    textOf({ verb: 'add', after: server(80), reasons })
      .split('\n')
      .slice(0, 4),
  ).toEqual([
    'default/a and 2 more',
    '  + virtual server TCP 10.96.0.1:80 rr',
    '      without it it would be missed',
    '      without it of another reason',
  ]);
});

test('groups stand in the order in which they come, and each once', () => {
  const text = textOf(
    { verb: 'add', after: server(80), reasons: [reason('default/b')] },
    { verb: 'change', before: server(81, 'wrr'), after: server(81), reasons: [reason('default/a')] },
    { verb: 'remove', before: server(82), reasons: [] },
    { verb: 'add', after: server(83), reasons: [reason('default/b')] },
    { verb: 'add', after: { kind: 'module', name: 'ip_vs' }, reasons: [reason(undefined)] },
  );
  expect(text.split('\n').filter(line => /^\S/.test(line))).toEqual([
    'default/b',
    'default/a',
    'nobody’s',
    'the node itself',
    'node inajob: 5 differences (3 to add, 1 to change, 1 to remove)',
  ]);
});

test('a table’s columns are as wide as their widest cell, and no line ends in blanks', () => {
  expect(
    table([
      ['A', 'LONGER', 'C'],
      ['wide cell', 'b', ''],
      ['x', '', 'c'],
    ]),
  ).toBe('A           LONGER   C\nwide cell   b\nx                    c\n');
});

test('a status without Service ports says so, and what the node lacks', () => {
  const lack = differenceOf({ verb: 'add', after: { kind: 'module', name: 'ip_vs' }, reasons: [] }, new Map());
  const status = { node: 'inajob', inSync: false, servicePorts: [], nodeDifferences: [lack] };
  expect(statusText(status, false)).toBe(`no Service port

the node itself
  + kernel module ip_vs

node inajob: 1 difference (1 to add, 0 to change, 0 to remove)
`);
});
