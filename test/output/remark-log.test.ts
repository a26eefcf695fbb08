import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Remark } from '../../src/cluster/remark.js';
import { createRemarkLog } from '../../src/output/remark-log.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const second = 1_000;
const hour = 3_600 * second;

function start() {
  const lines: string[] = [];
  return { lines, report: createRemarkLog(line => void lines.push(line)) };
}

const remark = (name: string, text: string, namespace = 'shop'): Remark => ({
  about: `Service ${namespace}/${name}`,
  namespace,
  line: `${namespace}/${name}: ${text}`,
});

describe('one object', () => {
  test('is named at once, and not again while the same is wrong with it', () => {
    const { lines, report } = start();
    for (let time = 0; time < 100; time += 1) {
      report([remark('web', 'bad')]);
      vi.advanceTimersByTime(second);
    }
    expect(lines).toEqual(['shop/web: bad']);
  });

  test('that is rewritten each second is named a few times in an hour, at last with its last problem', () => {
    const { lines, report } = start();
    for (let time = 0; time < 3_600; time += 1) {
      report([remark('web', `bad ${time}`)]);
      vi.advanceTimersByTime(second);
    }
    expect(lines.length).toBeLessThan(40);
    vi.advanceTimersByTime(hour);
    expect(lines.at(-2)).toBe('shop/web: bad 3599');
    expect(lines.at(-1)).toMatch(/^Service shop\/web: this has changed \d+ times since the last line about it$/);
  });

  test('that changes twice in a few seconds is named with the second problem after ten', () => {
    const { lines, report } = start();
    report([remark('web', 'first')]);
    vi.advanceTimersByTime(3 * second);
    report([remark('web', 'second')]);
    expect(lines).toEqual(['shop/web: first']);
    vi.advanceTimersByTime(7 * second);
    expect(lines).toEqual(['shop/web: first', 'shop/web: second']);
  });

  test('that is repaired meanwhile is not named again', () => {
    const { lines, report } = start();
    report([remark('web', 'first')]);
    report([remark('web', 'second')]);
    report([]);
    vi.advanceTimersByTime(hour);
    expect(lines).toEqual(['shop/web: first']);
  });

  test('that is broken, repaired and broken each second is named a few times', () => {
    const { lines, report } = start();
    for (let time = 0; time < 600; time += 1) {
      report(time % 2 === 0 ? [remark('web', 'bad')] : []);
      vi.advanceTimersByTime(second);
    }
    expect(lines.length).toBeLessThan(20);
  });

  test('whose problem comes back after an hour is named at once', () => {
    const { lines, report } = start();
    report([remark('web', 'bad')]);
    report([]);
    vi.advanceTimersByTime(hour);
    report([remark('web', 'bad')]);
    expect(lines).toEqual(['shop/web: bad', 'shop/web: bad']);
  });

  test('of which much is wrong has three lines and a count', () => {
    const { lines, report } = start();
    report(['a', 'b', 'c', 'd', 'e'].map(text => remark('web', text)));
    expect(lines).toEqual([
      'shop/web: a',
      'shop/web: b',
      'shop/web: c',
      'and 2 more such lines about Service shop/web',
    ]);
  });
});

describe('many objects', () => {
  const flood = (count: number, namespace: string, from = 0): readonly Remark[] =>
    Array.from({ length: count }, (_, index) => remark(`x${from + index}`, 'bad', namespace));

  test('of one namespace have twenty lines and a count', () => {
    const { lines, report } = start();
    report(flood(10_000, 'evil'));
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('not listed: problems of 9980 more objects (9980 in evil)');
  });

  test('do not hide what is wrong in another namespace, whichever comes first', () => {
    const { lines, report } = start();
    report([...flood(10_000, 'evil'), remark('web', 'bad')]);
    expect(lines).toContain('shop/web: bad');
    report([...flood(10_000, 'evil', 10_000), remark('web', 'bad'), remark('api', 'bad')]);
    expect(lines).toContain('shop/api: bad');
  });

  test('of a few namespaces are all named', () => {
    const { lines, report } = start();
    report(['a', 'b', 'c'].flatMap(namespace => flood(5, namespace)));
    expect(lines).toHaveLength(15);
  });

  test('with other names each second have few lines in an hour', () => {
    const { lines, report } = start();
    for (let time = 0; time < 3_600; time += 1) {
      report(flood(100, 'evil', time * 100));
      vi.advanceTimersByTime(second);
    }
    // Twenty at once, then one a minute, and a count each minute.
    expect(lines.length).toBeLessThan(20 + 2 * 61 + 2);
    expect(lines.join('\n').length).toBeLessThan(15_000);
  });
});

test('an object that is gone is forgotten, and no timer stays', () => {
  const { lines, report } = start();
  for (let time = 0; time < 100; time += 1)
    report(Array.from({ length: 100 }, (_, index) => remark(`x${time}-${index}`, 'bad', `n${time % 3}`)));
  report([]);
  vi.advanceTimersByTime(hour);
  report([]);
  const before = lines.length;
  vi.advanceTimersByTime(hour);
  expect(vi.getTimerCount()).toBe(0);
  expect(lines).toHaveLength(before);
});
