import { describe, expect, test } from 'vitest';
import { createLog, type LogFormat } from '../../src/output/log.js';

const time = '2026-11-26T01:02:03.000Z';

function createTestLog(format: LogFormat, isVerbose = false, isJournal = false) {
  let written = '';
  const log = createLog({
    format,
    isVerbose,
    isJournal,
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
    log.error(['bad', 'because']);
    expect(written()).toBe(`${time} error: bad\n${time} error: because\n`);
  });
});

describe('a log as JSON', () => {
  test('has one object for each event, with its facts as fields', () => {
    const { log, written } = createTestLog('json', true);
    log.info('done', { count: 1, names: ['a'] });
    log.debug('small');
    log.error(['bad', 'because']);
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

describe('a log in the journal', () => {
  test('has the priority of each line in front, and no time', () => {
    const { log, written } = createTestLog('text', true, true);
    log.debug('small');
    log.info('done', { count: 1 });
    log.warning('odd');
    log.error(['bad', 'because']);
    expect(written()).toBe('<7>small\n<6>done\n<4>warning: odd\n<3>error: bad\n<3>error: because\n');
  });

  test('has the priority in front of JSON too', () => {
    const { log, written } = createTestLog('json', false, true);
    log.error(['bad', 'because']);
    expect(written()).toBe(`<3>${JSON.stringify({ time, level: 'error', message: 'bad\nbecause' })}\n`);
  });
});

test.each(['text', 'json'] as const)('debug lines are left out without --verbose (%s)', format => {
  const { log, written } = createTestLog(format);
  log.debug('small', { much: true });
  expect(written()).toBe('');
});
