import { describe, expect, test } from 'vitest';
import { createLog, type LogFormat } from '../../src/output/log.js';

const time = '2026-11-26T01:02:03.000Z';

function logging(format: LogFormat, isVerbose = false) {
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

describe('text', () => {
  test('a line an event, with the time and how bad it is', () => {
    const { log, written } = logging('text', true);
    log.debug('small');
    log.info('done', { count: 1 });
    log.warning('odd');
    log.error('bad');
    expect(written()).toBe(`${time} small\n${time} done\n${time} warning: odd\n${time} error: bad\n`);
  });

  test('of several lines each has the time', () => {
    const { log, written } = logging('text');
    log.error('bad\nbecause');
    expect(written()).toBe(`${time} error: bad\n${time} error: because\n`);
  });
});

describe('JSON', () => {
  test('an object a line, with the facts as fields', () => {
    const { log, written } = logging('json', true);
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

test.each(['text', 'json'] as const)('without -v there are no debug lines (%s)', format => {
  const { log, written } = logging(format);
  log.debug('small', { much: true });
  expect(written()).toBe('');
});
