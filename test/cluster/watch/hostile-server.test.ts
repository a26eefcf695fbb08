import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ClusterStore } from '../../../src/cluster/store.js';
import { followCluster } from '../../../src/cluster/watch/feed.js';
import { createFeedIntake } from '../../../src/sync/feed-intake.js';
import {
  bookmark,
  completeAnswer,
  errorAnswer,
  eventLine,
  listText,
  namedObject,
  openAnswer,
  type Reply,
  scriptedApi,
  statusObject,
  withoutStreamingLists,
} from '../../support/fake-api-server/index.js';
import { listAnswer, play, short } from './play.js';

// Only play()'s option `tick` lets time pass.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Sends a chunk, and then one more whenever so many milliseconds have passed, without an end. */
const dripping =
  (status: number, start: string, chunk: string, milliseconds: number): Reply =>
  async signal => ({
    status,
    retryAfterSeconds: undefined,
    body: (async function* () {
      yield start;
      while (!signal.aborted) {
        await new Promise(resolve => setTimeout(resolve, milliseconds));
        yield chunk;
      }
      throw new Error('The operation was aborted');
    })(),
  });

/** Sends the same chunk so often, without a pause. */
const repeated =
  (chunk: string, times: number): Reply =>
  async () => ({
    status: 200,
    retryAfterSeconds: undefined,
    body: (async function* () {
      for (let time = 0; time < times; time++) yield chunk;
    })(),
  });

const isPageOf = (version: string) => (path: string) => path.includes(`resourceVersion=${version}`);

describe('an answer that never ends', () => {
  test('is given up if it is a list that drips, and one that drips for a while is used', async () => {
    const timing = { answerSilence: 1_000, longestList: 5_000 };
    const text = listText('10', [namedObject('a', '1')]);
    const slow: Reply = async () => ({
      status: 200,
      retryAfterSeconds: undefined,
      body: (async function* () {
        for (const letter of [text.slice(0, 5), text.slice(5, 9), text.slice(9)]) {
          await new Promise(resolve => setTimeout(resolve, 900));
          yield letter;
        }
      })(),
    });
    const { events, lines, paths } = await play([dripping(200, '{"kind":', ' ', 900), slow, openAnswer()], {
      timing,
      tick: 100,
    });
    expect(events.map(short)).toEqual(['listed a@1']);
    expect(paths).toHaveLength(3);
    expect(lines.filter(line => line.includes('does not come to the end')).length).toBeLessThanOrEqual(1);
  });

  test('is given up if it is an error that drips', async () => {
    const timing = { answerSilence: 1_000, longestList: 5_000 };
    const { events } = await play([dripping(500, 'no', '.', 900), listAnswer('10')], { timing, tick: 100 });
    expect(events.map(short)).toEqual(['listed']);
  });

  test('is given up if it is half a line of a watch, followed by blanks', async () => {
    const timing = { watchSilence: 5_000, answerSilence: 1_000, settled: 60_000 };
    const { events, paths } = await play(
      [
        listAnswer('10'),
        dripping(200, '{"type":"ADDED",', ' ', 900),
        openAnswer(eventLine('ADDED', namedObject('a', '11'))),
      ],
      { timing, tick: 100 },
    );
    expect(events.map(short)).toEqual(['listed', 'changed a@11']);
    expect(paths.filter(isPageOf('10'))).toHaveLength(2);
  });

  test('of gigabytes is not collected: a list, or a line of a watch', async () => {
    const chunk = ' '.repeat(8_000_000);
    const { events, lines } = await play([
      repeated(chunk, 1_000),
      listAnswer('10'),
      repeated(chunk, 1_000),
      listAnswer('20', namedObject('a', '1')),
    ]);
    expect(events.map(short)).toEqual(['listed', 'listed a@1']);
    expect(lines.filter(line => line.includes('the list is too large'))).toHaveLength(1);
    expect(lines.filter(line => line.includes('without an end'))).toHaveLength(1);
    expect(lines.join('\n').length).toBeLessThan(1_000);
  });

  test('of pages is not followed for ever, and a long list is', async () => {
    const page = (token: number) => completeAnswer(listText('10', [namedObject(`a${token}`, '1')], `t${token}`));
    const endless = Array.from({ length: 2_000 }, (_, token) => page(token));
    const { events, lines } = await play([...endless, listAnswer('10')]);
    expect(events.map(short)).toEqual(['listed']);
    expect(lines[0]).toContain('the answer is not what an API server sends');
    const long = [...endless.slice(0, 500), completeAnswer(listText('10', [namedObject('last', '1')]))];
    const [listed] = (await play(long)).events;
    expect(listed?.is === 'listed' && listed.objects).toHaveLength(501);
  });

  test('of large pages is not collected', async () => {
    const page = (token: number) =>
      completeAnswer(listText('10', [namedObject('x'.repeat(20_000_000), '1')], `t${token}`));
    const pages = Array.from({ length: 8 }, (_, token) => page(token));
    const { events, lines } = await play([...pages, listAnswer('20', namedObject('a', '1'))]);
    expect(events.map(event => short(event).slice(0, 100))).toEqual(['listed a@1']);
    expect(lines[0]).toMatch(
      /^services: the list is too large, and is not used \(after 16\d+ characters with 7 objects\)/,
    );
  });

  test('of pages that come slowly is given up in time', async () => {
    let now = 0;
    const slow =
      (token: number): Reply =>
      async signal => {
        await new Promise(resolve => setTimeout(resolve, 900));
        if (signal.aborted) throw new Error('The operation was aborted');
        now += 900;
        return completeAnswer(listText('10', [namedObject(`a${token}`, '1')], `t${token}`))(signal);
      };
    const timing = { answerSilence: 1_000, longestList: 5_000, now: () => now };
    const pages = Array.from({ length: 6 }, (_, token) => slow(token));
    const { events, lines } = await play([...pages, listAnswer('10')], { timing, tick: 100 });
    expect(events.map(short)).toEqual(['listed']);
    expect(lines[0]).toBe('the API server does not come to the end of an answer; trying again');
    const fewer = [...pages.slice(0, 4), listAnswer('10', namedObject('last', '1')), openAnswer()];
    now = 0;
    const [listed] = (await play(fewer, { timing, tick: 100 })).events;
    expect(listed?.is === 'listed' && listed.objects).toHaveLength(5);
  });

  test('of pages whose tokens go round is not followed either', async () => {
    const page = (next: string) => completeAnswer(listText('10', [], next));
    const { events, paths } = await play([page('a'), page('b'), page('a'), listAnswer('10')]);
    expect(events.map(short)).toEqual(['listed']);
    expect(paths).toHaveLength(5);
  });
});

describe('watches that bring an event and end at once', () => {
  const one = (version: number) => completeAnswer(eventLine('MODIFIED', namedObject('a', String(version))));

  test('again and again are slowed down, reported once, and lose nothing', async () => {
    const watches = Array.from({ length: 20 }, (_, index) => one(11 + index));
    const { events, pauses, lines } = await play([listAnswer('10'), ...watches]);
    expect(events).toHaveLength(21);
    expect(pauses.slice(0, 6)).toEqual([800, 1_600, 3_200, 6_400, 12_800, 25_600]);
    expect(lines.length).toBeLessThanOrEqual(2);
  });

  test('a few times in succession are resumed without a pause', async () => {
    const { pauses, lines } = await play([listAnswer('10'), ...[11, 12, 13, 14, 15].map(one)]);
    expect([pauses, lines]).toEqual([[], []]);
  });
});

describe('a resourceVersion', () => {
  const refused = (reason: string, code: number) => errorAnswer(code, JSON.stringify(statusObject(code, reason)));

  test.each([
    ['that is no number', 'x-1'],
    ['that is negative', '-5'],
  ])('%s does not keep the kind from being listed when the server is well again', async (_, version) => {
    const { events, paths } = await play([
      listAnswer('10', namedObject('a', '1')),
      completeAnswer(eventLine('MODIFIED', namedObject('a', version))),
      refused('BadRequest', 400),
      refused('BadRequest', 400),
      listAnswer('20', namedObject('a', '20')),
    ]);
    expect(events.map(short)).toEqual(['listed a@1', `changed a@${version}`, 'listed a@20']);
    expect(paths[3]).toBe(`/api/v1/services?resourceVersion=${version}`);
    expect(paths[4]).toBe('/api/v1/services?limit=500');
  });

  test('of a megabyte never becomes part of a path', async () => {
    const { events, paths, lines } = await play([
      listAnswer('10'),
      completeAnswer(eventLine('ADDED', namedObject('a', '7'.repeat(1_000_000)))),
      listAnswer('20'),
    ]);
    expect(events.map(short)).toEqual(['listed', 'listed']);
    expect(Math.max(...paths.map(path => path.length))).toBeLessThan(200);
    expect(lines.join('\n').length).toBeLessThan(1_000);
  });

  test('that goes back is followed from there, as the server wants', async () => {
    const { events, paths } = await play([
      listAnswer('50', namedObject('a', '50')),
      completeAnswer(eventLine('MODIFIED', namedObject('a', '7'))),
    ]);
    expect(events.map(short)).toEqual(['listed a@50', 'changed a@7']);
    expect(paths.at(-1)).toContain('resourceVersion=7&');
  });

  test('that a BOOKMARK lacks means a new list', async () => {
    const { events } = await play([listAnswer('10'), completeAnswer(bookmark('')), listAnswer('20')]);
    expect(events.map(short)).toEqual(['listed', 'listed']);
  });
});

describe('what is no answer of an API server', () => {
  const html = '<html><body>Login</body></html>';
  test.each<[string, Reply]>([
    ['HTML', completeAnswer(html)],
    ['bytes of a compressed answer', completeAnswer(Buffer.from([0x1f, 0x8b, 8, 0, 0xff, 0xfe, 0, 1]))],
    ['a list of another kind', completeAnswer(listText('1', [], undefined, 'Node'))],
    ['a list with an object without metadata', completeAnswer(listText('1', [{} as ReturnType<typeof namedObject>]))],
    ['a redirect elsewhere', errorAnswer(302, html)],
    ['an answer without a body', errorAnswer(204, '')],
    ['deeply nested JSON', completeAnswer('['.repeat(1_000_000))],
  ])('%s: the store keeps what it has, the log has one line, and the feed goes on', async (_, reply) => {
    const bad = Array.from({ length: 10 }, () => reply);
    const { events, lines, pauses } = await play([
      listAnswer('10', namedObject('a', '1')),
      errorAnswer(410, ''),
      ...bad,
      listAnswer('20', namedObject('a', '2')),
      openAnswer(eventLine('ADDED', namedObject('b', '21'))),
    ]);
    expect(events.map(short)).toEqual(['listed a@1', 'listed a@2', 'changed b@21']);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('over, the cluster is followed again');
    expect(lines.join('').length).toBeLessThan(1_500);
    expect(pauses.at(-1)).toBe(30_000);
  });

  test.each([
    ['negative', -1_000_000_000],
    ['absurd', 1_000_000_000],
    ['a fraction', 0.001],
  ])(
    '429 with a pause that is %s: the next attempt comes within ten minutes and is never at once',
    async (_, seconds) => {
      const status = { ...statusObject(429, 'TooManyRequests'), details: { retryAfterSeconds: seconds } };
      const { events, pauses } = await play([errorAnswer(429, JSON.stringify(status)), listAnswer('10')]);
      expect(events.map(short)).toEqual(['listed']);
      expect(pauses[0]).toBeGreaterThanOrEqual(800);
      expect(pauses[0]).toBeLessThanOrEqual(1_200_000);
    },
  );

  test('the store is as the last good list says while the server sends garbage', async () => {
    const store = new ClusterStore();
    const intake = createFeedIntake(store, ['Service'], () => {});
    const api = scriptedApi({ Service: [listAnswer('10', namedObject('a', '1')), completeAnswer('garbage\n')] });
    const feed = followCluster(withoutStreamingLists(api), {
      kinds: ['Service'],
      onEvent: intake.onEvent,
      onTrouble: () => {},
      timing: { sleep: () => new Promise(() => {}) },
    });
    await intake.listed;
    await vi.waitUntil(() => api.isFinished());
    expect([...store.objects('Service').keys(), ...store.invalid().map(({ name }) => name)]).toEqual(['a']);
    void feed.close();
  });
});
