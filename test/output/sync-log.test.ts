import { describe, expect, test } from 'vitest';
import type { ObjectChange } from '../../src/cluster/store.js';
import { KproxyError } from '../../src/errors.js';
import type { Change } from '../../src/node/change.js';
import { noReasons } from '../../src/node/reason.js';
import { createLog, type LogFormat } from '../../src/output/log.js';
import { logFailure, logSync } from '../../src/output/sync-log.js';
import type { LoopReport } from '../../src/sync/loop.js';
import type { Synced } from '../../src/sync/programmer.js';

function createTestLog(format: LogFormat = 'text', isVerbose = false) {
  const lines: string[] = [];
  const log = createLog({ format, isVerbose, write: text => lines.push(text.trimEnd()), now: () => new Date(0) });
  return { log, lines: () => lines.map(line => line.replaceAll('1970-01-01T00:00:00.000Z ', '')) };
}

const changeOf = (name: string): ObjectChange =>
  ({ kind: 'Service', before: undefined, after: { metadata: { namespace: 'default', name } } }) as ObjectChange;

const nodeChange = { kind: 'Node', before: { metadata: { name: 'node-a' } }, after: undefined } as ObjectChange;

const entry = (value: string) => ({ kind: 'entry', set: 'KUBE-CLUSTER-IP', value }) as const;
const plan: readonly Change[] = [
  { verb: 'add', after: entry('10.96.0.1,tcp:80') },
  { verb: 'add', after: entry('10.96.0.2,tcp:80') },
  { verb: 'remove', before: entry('10.96.0.3,tcp:80') },
];

function report(services: readonly string[], isWhole: boolean, applied: readonly Change[] = plan): LoopReport<Synced> {
  const desired = {
    state: new Map(),
    reasons: noReasons,
    setSizes: new Map(),
    conflicts: [],
    warnings: new Map(),
    problems: [],
    serviceProblems: new Map(),
    refused: [],
    leftOut: [],
  };
  return {
    result: { plan: applied, desired, served: [] },
    changes: services.map(changeOf),
    isWhole,
    milliseconds: 12.4,
  };
}

describe('a sync with changes', () => {
  test.each([
    ['of the whole node', report([], true), 'the whole node'],
    ['of one Service', report(['web'], false), 'default/web'],
    ['of three Services', report(['a', 'b', 'c'], false), 'default/a, default/b, default/c'],
    ['of more Services', report(['a', 'b', 'c', 'd', 'e'], false), 'default/a, default/b, default/c and 2 more'],
    ['of drained connections', report([], false), 'closed connections'],
    ['of its Node', { ...report([], false), changes: [nodeChange, nodeChange] }, 'Node node-a'],
  ])('%s is one line that says what has changed and how long it took', (_, one, cause) => {
    const { log, lines } = createTestLog();
    logSync(log, one);
    expect(lines()).toEqual([`${cause}: 2 added, 0 changed, 1 removed in 12 ms`]);
  });

  test('lists each change with --verbose', () => {
    const { log, lines } = createTestLog('text', true);
    logSync(log, report(['web'], false));
    expect(lines().slice(1)).toEqual([
      'add: entry 10.96.0.1,tcp:80 in KUBE-CLUSTER-IP',
      'add: entry 10.96.0.2,tcp:80 in KUBE-CLUSTER-IP',
      'remove: entry 10.96.0.3,tcp:80 in KUBE-CLUSTER-IP',
    ]);
  });

  test('has its facts as fields in JSON', () => {
    const { log, lines } = createTestLog('json');
    logSync(log, report(['web'], false));
    expect(JSON.parse(lines()[0] ?? '')).toMatchObject({
      level: 'info',
      services: ['default/web'],
      isWhole: false,
      milliseconds: 12,
      added: 2,
      changed: 0,
      removed: 1,
    });
  });
});

test('a sync without changes is logged only with --verbose', () => {
  const quiet = createTestLog();
  logSync(quiet.log, report(['web'], false, []));
  expect(quiet.lines()).toEqual([]);
  const verbose = createTestLog('text', true);
  logSync(verbose.log, report([], true, []));
  expect(verbose.lines()).toEqual(['the whole node: in sync, nothing changed (12 ms)']);
});

describe('a sync that failed', () => {
  test('is logged with its evidence and the time until the next try', () => {
    const { log, lines } = createTestLog();
    logFailure(log, new KproxyError({ code: 'apply-failed', message: 'no', evidence: 'exit status 1' }), 1_500);
    expect(lines().join('\n').split('\n')).toEqual(['error: no', 'error:   exit status 1', 'error: retrying in 1.5 s']);
  });

  test('without evidence has no empty line', () => {
    const { log, lines } = createTestLog();
    logFailure(log, new KproxyError({ code: 'apply-failed', message: 'no' }), 500);
    expect(lines().join('\n').split('\n')).toEqual(['error: no', 'error: retrying in 0.5 s']);
  });

  test('is one object in JSON', () => {
    const { log, lines } = createTestLog('json');
    logFailure(log, new KproxyError({ code: 'apply-failed', message: 'no', evidence: 'exit status 1' }), 500);
    expect(lines()).toHaveLength(1);
    expect(JSON.parse(lines()[0] ?? '')).toMatchObject({ level: 'error', code: 'apply-failed', nextMilliseconds: 500 });
  });
});
