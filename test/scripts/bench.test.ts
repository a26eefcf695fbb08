import { describe, expect, test } from 'vitest';
import { clusterOf, endpointAddition, withChange } from '../../scripts/bench/cluster.js';
import { nodeName } from '../../scripts/bench/objects.js';
import { parseOptions } from '../../scripts/bench/options.js';
import { withKept } from '../../scripts/bench/record.js';
import { totals } from '../../scripts/bench/totals.js';
import { type Figure, isDisturbed, spreadOf, verdictOf } from '../../scripts/shared/figures.js';
import { tableOf } from '../../scripts/shared/table.js';
import { checkObjects } from '../../src/cluster/check.js';

const figure: Figure = {
  size: '1000x5',
  name: 'cold sync',
  value: 150,
  unit: 'ms',
  against: { name: 'the bare tools', value: 100 },
  ratio: 1.5,
  budget: { of: 'ratio', limit: 1.7, is: 'most' },
};

describe('verdicts of the benchmark', () => {
  test('a ratio at its limit is ok, above it is over', () => {
    expect(verdictOf({ ...figure, ratio: 1.7 })).toBe('ok');
    expect(verdictOf({ ...figure, ratio: 1.71 })).toBe('over');
  });
  test('if more is better, less is over', () => {
    const budget = { of: 'ratio', limit: 25, is: 'least' } as const;
    expect(verdictOf({ ...figure, ratio: 24.9, budget })).toBe('over');
    expect(verdictOf({ ...figure, ratio: 25, budget })).toBe('ok');
  });
  test('a value has its own limit, and a figure without a budget has no verdict', () => {
    expect(verdictOf({ ...figure, value: 61, budget: { of: 'value', limit: 60, is: 'most' } })).toBe('over');
    const { budget: _, ...free } = figure;
    expect(verdictOf(free)).toBe('');
  });
});

describe('a recorded run', () => {
  const machine = { processors: 2, model: 'a processor', node: '20.1.0' };
  const other: Figure = { ...figure, name: 'no-op sync' };
  const faster: Figure = { ...figure, value: 120, ratio: 1.2 };

  test('keeps the figures that it did not measure, in their order, on the same machine with the same Node', () => {
    const before = { machine, figures: [figure, other] };
    const added: Figure = { ...figure, size: '10000x2' };
    const run = { machine, figures: [added, faster] };
    expect(withKept(run, before)).toEqual({ machine, figures: [faster, other, added] });
  });
  test('keeps none of another machine or another Node', () => {
    const run = { machine, figures: [faster] };
    for (const difference of [{ model: 'another' }, { node: '20.2.0' }])
      expect(withKept(run, { machine: { ...machine, ...difference }, figures: [figure, other] })).toEqual(run);
    expect(withKept(run, undefined)).toEqual(run);
  });
});

test('a run that other programs disturbed shows in its spread', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ least: 1, median: 2, most: 3, count: 3 });
  expect(isDisturbed(spreadOf([100, 130, 140]))).toBe(true);
  expect(isDisturbed(spreadOf([100, 120, 300]))).toBe(false);
});

test('the time of a contestant is the sum of its steps', () => {
  expect(
    totals(
      {
        bare: [
          { ipset: 1, ip: 2 },
          { ipset: 4, ip: 8 },
        ],
      },
      'bare',
    ),
  ).toEqual([3, 12]);
});

test('the table has the budget beside the figure, and below it what was compared', () => {
  const lines = tableOf([figure, { ...figure, name: 'slow', ratio: 2 }]).split('\n');
  expect(lines[1]).toMatch(/^1000x5 {2}cold sync {2}150 ms {3}100 ms {3}1\.50 {2}≤ 1\.7 × {2}ok$/);
  expect(lines[2]).toMatch(/2\.00 {2}≤ 1\.7 × {2}over$/);
  expect(lines).toContain('1000x5 cold sync: against the bare tools');
});

describe('generated clusters', () => {
  const size = { services: 40, endpoints: 4 };
  test('are the same every time, valid, and have half of their endpoints on the node', () => {
    expect(clusterOf(size)).toEqual(clusterOf(size));
    const { cluster } = checkObjects(clusterOf(size).items.map(value => ({ source: 'bench', value })));
    expect({ services: cluster.services.length, invalid: cluster.invalid }).toEqual({ services: 40, invalid: [] });
    const endpoints = cluster.endpointSlices.flatMap(slice => slice.endpoints ?? []);
    expect(endpoints).toHaveLength(160);
    expect(endpoints.filter(endpoint => endpoint.nodeName === nodeName)).toHaveLength(80);
    expect(new Set(endpoints.flatMap(endpoint => endpoint.addresses)).size).toBe(160);
  });
  test('change by one endpoint, which has a new address in /proc/net/ip_vs', () => {
    const change = endpointAddition(size, 3);
    const { cluster } = checkObjects(
      withChange(clusterOf(size), change).items.map(value => ({ source: 'bench', value })),
    );
    expect(cluster.endpointSlices.flatMap(slice => slice.endpoints ?? [])).toHaveLength(161);
    expect(change).toMatchObject({ service: 'default/service-3', realServer: '0AF40113:1F90' });
  });
});

describe('the command line', () => {
  test('takes sizes and rows', () => {
    expect(parseOptions(['-o', 'json', '--sizes', '1000x5', '--only', 'cold,watch'])).toMatchObject({
      run: 'full',
      output: 'json',
      sizes: [{ services: 1000, endpoints: 5 }],
      rows: new Set(['cold', 'watch']),
      withKubeProxy: false,
    });
  });
  test('takes all sizes and rows by default', () => {
    expect(parseOptions([])).toMatchObject({ run: 'full', output: 'table', sizes: { length: 3 }, record: false });
  });
  test('takes --quick, with and without the tests', () => {
    expect(parseOptions(['--quick'])).toEqual({ run: 'quick', output: 'table', withTests: false });
    expect(parseOptions(['--quick', '--tests', '-o', 'json'])).toEqual({
      run: 'quick',
      output: 'json',
      withTests: true,
    });
  });
  test.each([
    [['--sizes', '5'], '--sizes 5: SERVICESxENDPOINTS'],
    [['--sizes', '60000x5'], '--sizes 60000x5: SERVICESxENDPOINTS'],
    [['--only', 'warm'], '--only warm: the rows are start-up, cold'],
    [['-o', 'xml'], '-o xml: json or table'],
    [['--fast'], "Unknown option '--fast'"],
    [['--tests'], '--tests: only with --quick'],
    [['--quick', '--record'], '--record: not with --quick'],
    [['--quick', '--sizes', '1000x5'], '--sizes: not with --quick'],
  ])('refuses %j', (argv, message) => {
    expect(() => parseOptions(argv)).toThrow(message);
  });
});
