import { describe, expect, test } from 'vitest';
import { createLog, type LogFormat } from '../../src/output/log.js';

const time = '2026-11-26T01:02:03.000Z';

function createTestLog(format: LogFormat, isVerbose = false) {
  let written = '';
  const log = createLog({
    format,
    isVerbose,
    write: text => {
      written += text;
    },
    now: () => new Date(time),
  });
  return { log, written: () => written };
}

describe('a log as text', () => {
  test('has one line for each event, with its time and severity', () => {
    const { log, written } = createTestLog('text', true);
    log.debug('small');
    log.info('done', { count: 1 });
    log.warning('odd');
    log.error('bad');
    expect(written()).toBe(`${time} small\n${time} done\n${time} warning: odd\n${time} error: bad\n`);
  });

  test('has the time on each line of an event', () => {
    const { log, written } = createTestLog('text');
    log.error('bad\nbecause');
    expect(written()).toBe(`${time} error: bad\n${time} error: because\n`);
  });
});

describe('a log as JSON', () => {
  test('has one object for each event, with its facts as fields', () => {
    const { log, written } = createTestLog('json', true);
    log.info('done', { count: 1, names: ['a'] });
    log.debug('small');
    log.error('bad\nbecause');
    expect(
      written()
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).toEqual([
      { time, level: 'info', message: 'done', count: 1, names: ['a'] },
      { time, level: 'debug', message: 'small' },
      { time, level: 'error', message: 'bad\nbecause' },
    ]);
  });
});

test.each(['text', 'json'] as const)('debug lines are left out without --verbose (%s)', format => {
  const { log, written } = createTestLog(format);
  log.debug('small', { much: true });
  expect(written()).toBe('');
});
