import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { followCluster } from '../../../src/cluster/watch/feed.js';
import {
  bookmark,
  brokenAnswer,
  completeAnswer,
  errorAnswer,
  eventLine,
  listText,
  namedObject,
  noAnswer,
  openAnswer,
  type Reply,
  refusal,
  scriptedApi,
  statusObject,
  withoutStreamingLists,
} from '../../support/fake-api-server/index.js';
import { listAnswer, play, playKinds, short } from './play.js';

interface Gate {
  readonly passed: Promise<void>;
  readonly open: () => void;
}

function createGate(): Gate {
  let open = () => {};
  const passed = new Promise<void>(resolve => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

const listPath = '/api/v1/services?limit=500&resourceVersion=0';
const relistPath = (version: string) => `/api/v1/services?resourceVersion=${version}`;
const watchPath = (version: string) =>
  `/api/v1/services?watch=1&allowWatchBookmarks=true&resourceVersion=${version}&timeoutSeconds=300`;
const shorts = async (...script: readonly Reply[]) => (await play(script)).events.map(short);

// Only play()'s option `tick` lets time pass.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

describe('emitted events', () => {
  test('start with the list, then each change in order', async () => {
    const { events, paths, lines, pauses } = await play([
      listAnswer('10', namedObject('a', '3'), namedObject('b', '7')),
      completeAnswer(
        eventLine('ADDED', namedObject('c', '11')),
        eventLine('MODIFIED', namedObject('a', '12')) + eventLine('DELETED', namedObject('b', '13')),
        bookmark('20'),
      ),
    ]);
    expect(events.map(short)).toEqual(['listed a@3 b@7', 'changed c@11', 'changed a@12', 'removed b@13']);
    expect(paths).toEqual([listPath, watchPath('10'), watchPath('20')]);
    expect([lines, pauses]).toEqual([[], []]);
  });

  test('have objects with their kind, which items of a list leave out, and without managedFields', async () => {
    const managed = {
      ...namedObject('a', '3').metadata,
      labels: { app: 'a' },
      managedFields: [{ manager: 'kubectl' }],
    };
    const { events } = await play([
      completeAnswer(
        JSON.stringify({
          kind: 'ServiceList',
          apiVersion: 'v1',
          metadata: { resourceVersion: '9' },
          items: [{ metadata: managed, spec: { ports: [] } }],
        }),
      ),
      openAnswer(eventLine('MODIFIED', { ...namedObject('a', '4'), metadata: { ...managed, resourceVersion: '4' } })),
    ]);
    const values = events.flatMap(event => (event.is === 'listed' ? event.objects : [event.object]));
    const metadata = { name: 'a', resourceVersion: '3', labels: { app: 'a' } };
    expect(values).toEqual([
      {
        source: 'kubectl get --raw /api/v1/services',
        value: { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [] } },
      },
      {
        source: 'kubectl get --raw /api/v1/services',
        value: { apiVersion: 'v1', kind: 'Service', metadata: { ...metadata, resourceVersion: '4' } },
      },
    ]);
  });

  test('have a list of several pages once and complete', async () => {
    const { events, paths } = await play([
      completeAnswer(listText('10', [namedObject('a', '1')], 'to/ken=')),
      completeAnswer(listText('10', [namedObject('b', '2')], 'more')),
      completeAnswer(listText('10', [namedObject('c', '3')])),
    ]);
    expect(events.map(short)).toEqual(['listed a@1 b@2 c@3']);
    const pagePath = (token: string) => `/api/v1/services?limit=500&continue=${token}`;
    expect(paths.slice(1)).toEqual([pagePath('to%2Fken%3D'), pagePath('more'), watchPath('10')]);
  });

  test('have an empty list, also if the API server sends null', async () => {
    const nothing = { kind: 'ServiceList', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: null };
    expect(await shorts(completeAnswer(JSON.stringify(nothing)))).toEqual(['listed']);
  });

  test('are separate for each kind; a namespace narrows only the kinds that have one', async () => {
    const { events, paths } = await playKinds(
      {
        Service: [listAnswer('1')],
        Node: [
          completeAnswer(listText('2', [namedObject('n', '1')], undefined, 'Node')),
          openAnswer(eventLine('ADDED', namedObject('m', '5', 'Node'))),
        ],
      },
      { namespace: 'shop' },
    );
    expect(events.filter(({ kind }) => kind === 'Node').map(short)).toEqual(['listed n@1', 'changed m@5']);
    expect(paths.slice(0, 2)).toEqual([
      '/api/v1/namespaces/shop/services?limit=500&resourceVersion=0',
      '/api/v1/nodes?limit=500&resourceVersion=0',
    ]);
  });

  test('end when the feed is closed', async () => {
    let sent = 1;
    const endless: Reply = async signal => ({
      status: 200,
      body: (async function* () {
        for (;;) {
          await turn();
          if (signal.aborted) throw new Error('aborted');
          sent += 1;
          yield eventLine('MODIFIED', namedObject('a', String(sent)));
        }
      })(),
    });
    const seen: string[] = [];
    const script = [listAnswer('1'), endless];
    const api = {
      get: async (_: string, signal: AbortSignal) => (script.shift() ?? openAnswer())(signal),
      close: async () => {},
    };
    const feed = followCluster(withoutStreamingLists(api), {
      kinds: ['Service'],
      onEvent: event => seen.push(short(event)),
      onTrouble: text => seen.push(text),
    });
    while (seen.length < 5) await turn();
    const atTheEnd = [...seen];
    await feed.close();
    expect(seen).toEqual(atTheEnd);
    expect(seen.slice(0, 3)).toEqual(['listed', 'changed a@2', 'changed a@3']);
  });
});

describe('a watch', () => {
  const first = listAnswer('1');

  test('may be split anywhere, even in the middle of a character', async () => {
    const text =
      eventLine('ADDED', { ...namedObject('a', '2'), note: 'Grüße 🐙' }) + eventLine('DELETED', namedObject('b', '3'));
    const bytes = [...Buffer.from(text)].map(byte => Buffer.from([byte]));
    const { events } = await play([first, openAnswer(...bytes)]);
    expect(events.map(short)).toEqual(['listed', 'changed a@2', 'removed b@3']);
    expect(events[1]).toMatchObject({ object: { value: { note: 'Grüße 🐙' } } });
  });

  test('that ends is resumed without a list', async () => {
    const { events, paths, pauses } = await play([
      first,
      completeAnswer(eventLine('ADDED', namedObject('a', '5'))),
      completeAnswer(bookmark('9')),
      openAnswer(eventLine('DELETED', namedObject('a', '12'))),
    ]);
    expect(events.map(short)).toEqual(['listed', 'changed a@5', 'removed a@12']);
    expect(paths.slice(1, 4)).toEqual(['1', '5', '9'].map(watchPath));
    expect(pauses).toEqual([]);
  });

  test('that breaks off is resumed after a pause, without a report', async () => {
    const { paths, pauses, lines } = await play([first, brokenAnswer(eventLine('ADDED', namedObject('a', '5')))]);
    expect(paths.slice(1)).toEqual(['1', '5'].map(watchPath));
    expect([pauses, lines]).toEqual([[800], []]);
  });

  test('that ends in the middle of a line is resumed after the last complete line', async () => {
    const half = eventLine('ADDED', namedObject('b', '6')).slice(0, -9);
    for (const ending of [completeAnswer, brokenAnswer]) {
      const { events, paths } = await play([first, ending(eventLine('ADDED', namedObject('a', '5')), half)]);
      expect(events.map(short)).toEqual(['listed', 'changed a@5']);
      expect(paths.at(-1)).toBe(watchPath('5'));
    }
  });

  test('that brings nothing for too long is given up and resumed', async () => {
    const { events, paths, lines } = await play(
      [
        first,
        openAnswer(eventLine('ADDED', namedObject('a', '5'))),
        openAnswer(eventLine('MODIFIED', namedObject('a', '6'))),
        openAnswer(),
      ],
      { timing: { watchSilence: 5 }, tick: 1 },
    );
    expect(events.map(short).slice(0, 3)).toEqual(['listed', 'changed a@5', 'changed a@6']);
    expect(paths.slice(1, 4)).toEqual(['1', '5', '6'].map(watchPath));
    expect(lines).toEqual([]);
  });

  test('without any answer is given up too, and reported when it happens again', async () => {
    const silent = 'the API server is silent: nothing arrives, and the connection stays open; trying again';
    const timing = { answerSilence: 5 };
    const once = await play([first, noAnswer, openAnswer()], { timing, tick: 1 });
    expect(once.lines).toEqual([]);
    const twice = await play([first, noAnswer, noAnswer, listAnswer('1')], { timing, tick: 1 });
    expect(twice.lines[0]).toBe(silent);
    expect(twice.events.map(short)).toEqual(['listed', 'listed']);
  });

  test('without any answer from the start is reported at once', async () => {
    const { lines, events } = await play([noAnswer, listAnswer('1'), openAnswer(bookmark('2'))], {
      timing: { answerSilence: 5 },
      tick: 1,
    });
    const what = 'the API server is silent: nothing arrives, and the connection stays open';
    expect(lines).toEqual([`${what}; trying again`, `over, the cluster is followed again: ${what}`]);
    expect(events.map(short)).toEqual(['listed']);
  });

  test('that ends at once again and again is reported and backs off', async () => {
    const { lines, pauses, paths } = await play([
      first,
      completeAnswer(),
      completeAnswer(),
      listAnswer('2'),
      completeAnswer(),
    ]);
    expect(lines).toEqual(['the API server ends each watch at once; trying again']);
    expect(pauses).toEqual([800, 1_600, 3_200]);
    // After the second failure the kind is relisted.
    expect(paths).toContain(relistPath('1'));
  });

  test('that stays open for a while is a success, even if it brings nothing', async () => {
    const quiet: Reply = async () => ({
      status: 200,
      body: (async function* () {
        yield '';
        await new Promise(resolve => setTimeout(resolve, 5));
      })(),
    });
    const { pauses, lines } = await play([first, quiet, quiet, openAnswer()], { timing: { settled: 0 }, tick: 1 });
    expect([pauses, lines]).toEqual([[], []]);
  });
});

describe('an expired resourceVersion', () => {
  const gone = statusObject(410, 'Expired');
  test.each<[string, Reply]>([
    ['as the answer', errorAnswer(410, JSON.stringify(gone))],
    ['as an event', openAnswer(eventLine('ERROR', gone))],
    ['as an event after others', openAnswer(eventLine('ADDED', namedObject('a', '5')), eventLine('ERROR', gone))],
    ['by its reason only', openAnswer(eventLine('ERROR', { ...gone, code: 500 }))],
  ])('410 %s: the kind is relisted, without a report', async (_, expired) => {
    const { events, paths, lines } = await play([listAnswer('1'), expired, listAnswer('30', namedObject('z', '29'))]);
    expect(events.map(short).at(-1)).toBe('listed z@29');
    expect(paths[2]).toMatch(/^\/api\/v1\/services\?resourceVersion=[15]$/);
    expect(paths.slice(3)).toEqual([watchPath('30')]);
    expect(lines).toEqual([]);
  });

  test('again and again: reported, with pauses that double', async () => {
    const expired = openAnswer(eventLine('ERROR', gone));
    const { lines, pauses } = await play([
      listAnswer('1'),
      expired,
      listAnswer('2'),
      expired,
      listAnswer('3'),
      expired,
    ]);
    expect(lines).toEqual(['the API server drops the history of services at once (Expired it is); trying again']);
    expect(pauses).toEqual([800, 1_600, 3_200]);
  });

  test('in the middle of a list: the list is read again without a limit', async () => {
    const { events, paths, pauses } = await play([
      completeAnswer(listText('1', [namedObject('a', '1')], 'old')),
      errorAnswer(410, JSON.stringify(gone)),
      listAnswer('9', namedObject('a', '8'), namedObject('b', '9')),
    ]);
    expect(events.map(short)).toEqual(['listed a@8 b@9']);
    const secondPage = '/api/v1/services?limit=500&continue=old';
    expect(paths).toEqual([listPath, secondPage, relistPath('0'), watchPath('9')]);
    expect(pauses).toEqual([]);
  });

  test('any other ERROR event: the kind is relisted', async () => {
    const error = eventLine('ERROR', statusObject(500, 'InternalError'));
    const { events, lines } = await play([listAnswer('1'), openAnswer(error), listAnswer('2', namedObject('b', '2'))]);
    expect(events.map(short)).toEqual(['listed', 'listed b@2']);
    expect(lines).toEqual(['the API server cannot be reached, or does not work (InternalError it is); trying again']);
  });
});

describe('an incomplete list is not used', () => {
  const good = listAnswer('9', namedObject('a', '8'));
  const text = listText('1', [namedObject('wrong', '1')]);
  test.each<[string, Reply]>([
    ['truncated by the connection', brokenAnswer(text.slice(0, 60))],
    ['complete, but the connection breaks before its end', brokenAnswer(text)],
    ['truncated without an error', completeAnswer(text.slice(0, -4))],
    ['an empty answer', completeAnswer()],
    ['not JSON', completeAnswer('<html>please log in</html>')],
    ['a list of another kind', completeAnswer(text.replace('ServiceList', 'PodList'))],
    ['without a resourceVersion', completeAnswer(text.replace('"resourceVersion":"1"', '"x":"1"'))],
    ['with an object without a name', completeAnswer(text.replace('"name":"wrong"', '"x":"1"'))],
    ['with items that are not a list', completeAnswer(text.replace(/"items":\[.*\]/, '"items":"many"'))],
  ])('%s', async (_, bad) => {
    const { events, paths } = await play([bad, good]);
    expect(events.map(short)).toEqual(['listed a@8']);
    expect(paths).toEqual([listPath, listPath, watchPath('9')]);
  });

  test('if its second page fails', async () => {
    const half = completeAnswer(listText('1', [namedObject('wrong', '1')], 'more'));
    for (const bad of [
      brokenAnswer('{'),
      errorAnswer(500, 'etcdserver: request timed out'),
      refusal,
      completeAnswer('{}'),
    ]) {
      expect(await shorts(half, bad, good)).toEqual(['listed a@8']);
    }
  });

  test('if its pages have no end', async () => {
    const page = completeAnswer(listText('1', [namedObject('wrong', '1')], 'same'));
    expect(await shorts(page, page, good)).toEqual(['listed a@8']);
  });
});

describe('a malformed line of a watch', () => {
  const good = eventLine('ADDED', namedObject('a', '5'));
  test.each([
    ['not JSON', 'I am a captive portal\n'],
    ['not an event', '{"hello":"world"}\n'],
    ['an event of an unknown type', eventLine('EXPLODED', namedObject('b', '6'))],
    ['an object of another kind', eventLine('ADDED', namedObject('b', '6', 'Pod'))],
    ['an object without a resourceVersion', eventLine('ADDED', { kind: 'Service', metadata: { name: 'b' } })],
    ['a type that every JavaScript object has', eventLine('constructor', namedObject('b', '6'))],
  ])('%s: the events before it count, and the kind is relisted', async (_, bad) => {
    const { events, lines } = await play([
      listAnswer('1'),
      openAnswer(good, bad, good),
      listAnswer('9', namedObject('a', '8')),
    ]);
    expect(events.map(short)).toEqual(['listed', 'changed a@5', 'listed a@8']);
    expect(lines[0]).toMatch(/^services: the answer is not what an API server sends \(.*\); trying again\. Something/);
  });

  test('without an end is not collected for ever', async () => {
    let sent = 0;
    async function* endless() {
      for (;;) {
        sent += 1;
        yield 'x'.repeat(8_000_000);
      }
    }
    const { lines } = await play([listAnswer('1'), async () => ({ status: 200, body: endless() }), listAnswer('2')]);
    expect(lines[0]).toContain('a line without an end');
    expect(sent).toBeLessThan(10);
  });
});

describe('an unreachable API server', () => {
  const away = errorAnswer(500, 'dial tcp 10.0.0.1:6443: connect: connection refused\n');
  const outage =
    'the API server cannot be reached, or does not work (dial tcp 10.0.0.1:6443: connect: connection refused); ' +
    'trying again';
  const over = 'over, the cluster is followed again: the API server cannot be reached, or does not work';

  test('is reported once, tried with pauses that double up to a limit, and relisted when it is back', async () => {
    const { events, lines, pauses } = await play([
      listAnswer('1', namedObject('a', '1')),
      brokenAnswer(bookmark('4')),
      ...Array<Reply>(10).fill(away),
      listAnswer('90', namedObject('b', '80')),
      openAnswer(eventLine('ADDED', namedObject('c', '91'))),
    ]);
    expect(events.map(short)).toEqual(['listed a@1', 'listed b@80', 'changed c@91']);
    expect(lines).toEqual([outage, over]);
    expect(pauses).toEqual([800, 1_600, 3_200, 6_400, 12_800, 25_600, ...Array(5).fill(30_000)]);
  });

  test('is reported also at the start', async () => {
    const { events, lines } = await play([away, listAnswer('1'), openAnswer(bookmark('2'))]);
    expect(events.map(short)).toEqual(['listed']);
    expect(lines).toEqual([outage, over]);
  });

  test('is tried after pauses of up to twice the length, at random, so that nodes return one by one', async () => {
    const { pauses } = await play([away, away, listAnswer('1')], { timing: { random: () => 0.5 } });
    expect(pauses).toEqual([1_200, 2_400]);
  });

  test('is tried after short pauses again only after two minutes without a failure, as by client-go', async () => {
    let time = 0;
    const later =
      (milliseconds: number, reply: Reply): Reply =>
      signal => {
        time += milliseconds;
        return reply(signal);
      };
    const breaks = brokenAnswer(bookmark('2'));
    const { pauses } = await play([away, away, listAnswer('1'), breaks, later(120_000, away), later(120_001, away)], {
      timing: { now: () => time },
    });
    expect(pauses).toEqual([800, 1_600, 3_200, 6_400, 800]);
  });

  test('is reported again after other trouble', async () => {
    const { lines } = await play([away, refusal, refusal, away, listAnswer('1'), openAnswer(bookmark('2'))]);
    expect(lines).toEqual([
      outage,
      'kubectl proxy does not answer (connect ECONNREFUSED /run/api.sock); trying again',
      outage,
      over,
    ]);
  });

  test('is reported once for all kinds, and so is its end', async () => {
    const { lines } = await playKinds({
      Service: [away, away, listAnswer('1'), openAnswer(bookmark('2'))],
      Pod: [away, completeAnswer(listText('1', [], undefined, 'Pod')), openAnswer(bookmark('2', 'Pod'))],
    });
    expect(lines).toEqual([outage, over]);
  });
});

describe('an API server that is reachable again', () => {
  const away = errorAnswer(500, 'no route to host');
  const pods = completeAnswer(listText('1', [], undefined, 'Pod'));

  /** Services reach the API server while Pods, after this answer, are in a pause that only the feed can end. */
  async function podsAfter(answer: Reply): Promise<boolean> {
    const servicesPause = createGate();
    const podsPause = createGate();
    const behind =
      (gate: Gate, reply: Reply): Reply =>
      async signal => {
        await gate.passed;
        return reply(signal);
      };
    const script = scriptedApi({
      Service: [away, behind(podsPause, listAnswer('1')), openAnswer(bookmark('2'))],
      Pod: [behind(servicesPause, answer), pods, openAnswer(bookmark('2', 'Pod'))],
    });
    let [pauses, hasPods, isBack] = [0, false, false];
    const feed = followCluster(withoutStreamingLists(script), {
      kinds: ['Service', 'Pod'],
      onEvent: ({ kind }) => {
        hasPods ||= kind === 'Pod';
      },
      onTrouble: line => {
        isBack ||= line.startsWith('over');
      },
      timing: {
        sleep: async (_, signal) => {
          pauses += 1;
          if (pauses === 1) return servicesPause.open();
          podsPause.open();
          await new Promise(resolve => signal.addEventListener('abort', resolve));
        },
      },
    });
    while (!isBack) await turn();
    for (let turns = 0; turns < 10; turns += 1) await turn();
    const result = hasPods;
    await feed.close();
    return result;
  }

  test('for one kind ends the pauses of the kinds that wait for it', async () => {
    expect(await podsAfter(away)).toBe(true);
    expect(await podsAfter(refusal)).toBe(true);
    expect(await podsAfter(errorAnswer(401, ''))).toBe(true);
  });

  test('does not end the pause after a Retry-After, or of a forbidden kind', async () => {
    expect(await podsAfter(errorAnswer(429, '', 60))).toBe(false);
    expect(await podsAfter(errorAnswer(403, ''))).toBe(false);
  });
});

describe('error answers', () => {
  const json = (code: number, reason: string, details?: object) => JSON.stringify(statusObject(code, reason, details));

  test('429: the API server gets the pause that it wants, in the header or in the text', async () => {
    const { pauses, lines, paths } = await play([
      listAnswer('1'),
      completeAnswer(bookmark('4')),
      errorAnswer(429, 'Too many requests, please try again later.', 7),
      errorAnswer(429, json(429, 'TooManyRequests', { retryAfterSeconds: 3 })),
    ]);
    expect(pauses).toEqual([7_000, 3_000]);
    expect(lines).toEqual(['the API server is overloaded (TooManyRequests it is); trying again']);
    expect(paths.slice(2)).toEqual(['4', '4', '4'].map(watchPath));
  });

  test('429 without a pause, and with one of years', async () => {
    const { pauses } = await play([errorAnswer(429, ''), errorAnswer(429, '', 99_999_999), listAnswer('1')]);
    expect(pauses).toEqual([800, 600_000]);
  });

  test.each([
    [401, 'Unauthorized', 'the API server does not accept the credentials (Unauthorized it is); trying again. Log in'],
    [403, 'Forbidden', 'services may not be read with these credentials (Forbidden it is); trying again. They need'],
    [404, 'NotFound', 'the API server does not have services (NotFound it is); trying again. kproxy needs'],
    [400, 'BadRequest', 'the API server answers 400 to a request for services (BadRequest it is); trying again'],
  ])('%i: reported, and tried again', async (code, reason, line) => {
    const { lines, events } = await play([
      errorAnswer(code, json(code, reason)),
      listAnswer('1'),
      openAnswer(bookmark('2')),
    ]);
    expect(lines[0]).toContain(line);
    expect(lines[1]).toMatch(/^over, the cluster is followed again: /);
    expect(events.map(short)).toEqual(['listed']);
  });

  test('403 for the watch but not for the list: the list is read again each time', async () => {
    const no = errorAnswer(403, json(403, 'Forbidden'));
    const { events, lines } = await play([
      listAnswer('1', namedObject('a', '1')),
      no,
      listAnswer('2', namedObject('b', '2')),
      no,
    ]);
    expect(events.map(short)).toEqual(['listed a@1', 'listed b@2']);
    expect(lines).toHaveLength(1);
  });

  test('their text cannot drive the terminal', async () => {
    const { lines } = await play([errorAnswer(400, '\u001b[2Jgone'), listAnswer('1')]);
    expect(lines[0]).not.toContain('\u001b');
  });
});

describe('an optional kind', () => {
  const forbidden = errorAnswer(403, JSON.stringify(statusObject(403, 'Forbidden')));

  test('that is forbidden is empty, reported once, and tried again rarely', async () => {
    const { events, lines, pauses } = await play([forbidden, forbidden, listAnswer('1', namedObject('a', '1'))], {
      optional: ['Service'],
    });
    expect(events.map(short)).toEqual(['listed', 'listed a@1']);
    expect(lines).toEqual(['services may not be read with these credentials; going on without them']);
    expect(pauses).toEqual([300_000, 300_000]);
  });

  test('is tried again at random times, so that nodes without the permission do not return together', async () => {
    const { pauses } = await play([forbidden, listAnswer('1')], {
      optional: ['Service'],
      timing: { random: () => 0.5 },
    });
    expect(pauses).toEqual([450_000]);
  });

  test('that becomes forbidden later is not emptied', async () => {
    const { events, lines } = await play(
      [listAnswer('1', namedObject('a', '1')), completeAnswer(bookmark('2')), forbidden, forbidden],
      {
        optional: ['Service'],
      },
    );
    expect(events.map(short)).toEqual(['listed a@1']);
    expect(lines).toHaveLength(1);
  });

  test('that is unreachable is not empty', async () => {
    const { events } = await play([errorAnswer(500, 'no route to host'), listAnswer('1')], { optional: ['Service'] });
    expect(events.map(short)).toEqual(['listed']);
  });
});
