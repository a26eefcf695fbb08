import { describe, expect, test } from 'vitest';
import type { ObjectChange } from '../../src/cluster/store.js';
import { KproxyError } from '../../src/errors.js';
import type { Change } from '../../src/node/change.js';
import { nothingKnown } from '../../src/node/filled-state.js';
import { createLog, type LogFormat } from '../../src/output/log.js';
import { logFailure, logSync } from '../../src/output/sync-log.js';
import type { LoopReport } from '../../src/sync/loop.js';
import type { Synced } from '../../src/sync/programmer.js';

function logging(format: LogFormat = 'text', isVerbose = false) {
  const lines: string[] = [];
  const log = createLog({ format, isVerbose, write: text => lines.push(text.trimEnd()), now: () => new Date(0) });
  return { log, lines: () => lines.map(line => line.replaceAll('1970-01-01T00:00:00.000Z ', '')) };
}

const changeOf = (name: string): ObjectChange =>
  ({ kind: 'Service', before: undefined, after: { metadata: { namespace: 'default', name } } }) as ObjectChange;

const entry = (value: string) => ({ kind: 'entry', set: 'KUBE-CLUSTER-IP', value }) as const;
const plan: readonly Change[] = [
  { verb: 'add', after: entry('10.96.0.1,tcp:80'), reasons: [] },
  { verb: 'add', after: entry('10.96.0.2,tcp:80'), reasons: [] },
  { verb: 'remove', before: entry('10.96.0.3,tcp:80'), reasons: [] },
];

function report(services: readonly string[], isWhole: boolean, made: readonly Change[] = plan): LoopReport<Synced> {
  const desired = {
    state: new Map(),
    reasons: new Map(),
    parts: { asked: nothingKnown, rest: undefined },
    setSizes: new Map(),
    conflicts: [],
    problems: [],
  };
  return { result: { plan: made, desired }, changes: services.map(changeOf), isWhole, milliseconds: 12.4 };
}

describe('a sync that has changed something', () => {
  test.each([
    ['of the whole node', report([], true), 'the whole node'],
    ['of one Service', report(['web'], false), 'default/web'],
    ['of three', report(['a', 'b', 'c'], false), 'default/a, default/b, default/c'],
    ['of more', report(['a', 'b', 'c', 'd', 'e'], false), 'default/a, default/b, default/c and 2 more'],
    ['of what drained', report([], false), 'connections that ran out'],
  ])('%s is one line that says what and how long', (_, one, cause) => {
    const { log, lines } = logging();
    logSync(log, one);
    expect(lines()).toEqual([`${cause}: 2 added, 0 changed, 1 removed in 12 ms`]);
  });

  test('-v: each change too', () => {
    const { log, lines } = logging('text', true);
    logSync(log, report(['web'], false));
    expect(lines().slice(1)).toEqual([
      'add: entry 10.96.0.1,tcp:80 in KUBE-CLUSTER-IP',
      'add: entry 10.96.0.2,tcp:80 in KUBE-CLUSTER-IP',
      'remove: entry 10.96.0.3,tcp:80 in KUBE-CLUSTER-IP',
    ]);
  });

  test('JSON: its facts as fields', () => {
    const { log, lines } = logging('json');
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

test('a sync that found nothing to do is told with -v only', () => {
  const quiet = logging();
  logSync(quiet.log, report(['web'], false, []));
  expect(quiet.lines()).toEqual([]);
  const verbose = logging('text', true);
  logSync(verbose.log, report([], true, []));
  expect(verbose.lines()).toEqual(['the whole node: in sync, nothing changed (12 ms)']);
});

describe('a sync that failed', () => {
  test('what, the evidence, and when the next try comes', () => {
    const { log, lines } = logging();
    logFailure(log, new KproxyError({ message: 'no', detail: 'exit status 1', exitCode: 5 }), 1_500);
    expect(lines().join('\n').split('\n')).toEqual([
      'error: no',
      'error: exit status 1',
      'error: trying again in 1.5 s',
    ]);
  });

  test('without evidence there is no empty line', () => {
    const { log, lines } = logging();
    logFailure(log, new KproxyError({ message: 'no', exitCode: 5 }), 500);
    expect(lines().join('\n').split('\n')).toEqual(['error: no', 'error: trying again in 0.5 s']);
  });

  test('JSON: one object', () => {
    const { log, lines } = logging('json');
    logFailure(log, new KproxyError({ message: 'no', detail: 'exit status 1', exitCode: 5 }), 500);
    expect(lines()).toHaveLength(1);
    expect(JSON.parse(lines()[0] ?? '')).toMatchObject({ level: 'error', exitCode: 5, nextMilliseconds: 500 });
  });
});
