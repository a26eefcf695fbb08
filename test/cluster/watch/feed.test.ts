import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ApiAnswer } from '../../../src/cluster/watch/api-server.js';
import { followCluster } from '../../../src/cluster/watch/feed.js';
import {
  bookmark,
  cutOff,
  ended,
  errorAnswer,
  line,
  list,
  listText,
  noAnswer,
  object,
  open,
  type Play,
  play,
  playKinds,
  refused,
  short,
  status,
} from './fake-api-server.js';

const listPath = '/api/v1/services?limit=500';
const watchPath = (version: string) =>
  `/api/v1/services?watch=1&allowWatchBookmarks=true&resourceVersion=${version}&timeoutSeconds=300`;
const shorts = async (...script: readonly Play[]) => (await play(script)).events.map(short);

describe('what is handed out', () => {
  test('the list first, then each change in order', async () => {
    const { events, paths, lines, pauses } = await play([
      list('10', object('a', '3'), object('b', '7')),
      ended(
        line('ADDED', object('c', '11')),
        line('MODIFIED', object('a', '12')) + line('DELETED', object('b', '13')),
        bookmark('20'),
      ),
    ]);
    expect(events.map(short)).toEqual(['listed a@3 b@7', 'changed c@11', 'changed a@12', 'removed b@13']);
    expect(paths).toEqual([listPath, watchPath('10'), watchPath('20')]);
    expect([lines, pauses]).toEqual([[], []]);
  });

  test('objects with their kind, as the items of a list do not have it, and without managedFields', async () => {
    const managed = { ...object('a', '3').metadata, labels: { app: 'a' }, managedFields: [{ manager: 'kubectl' }] };
    const { events } = await play([
      ended(
        JSON.stringify({
          kind: 'ServiceList',
          apiVersion: 'v1',
          metadata: { resourceVersion: '9' },
          items: [{ metadata: managed, spec: { ports: [] } }],
        }),
      ),
      open(line('MODIFIED', { ...object('a', '4'), metadata: { ...managed, resourceVersion: '4' } })),
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

  test('a list that comes in pages, once and whole', async () => {
    const { events, paths } = await play([
      ended(listText('10', [object('a', '1')], 'to/ken=')),
      ended(listText('10', [object('b', '2')], 'more')),
      ended(listText('10', [object('c', '3')])),
    ]);
    expect(events.map(short)).toEqual(['listed a@1 b@2 c@3']);
    expect(paths.slice(1)).toEqual([`${listPath}&continue=to%2Fken%3D`, `${listPath}&continue=more`, watchPath('10')]);
  });

  test('an empty list, also where the API server writes null', async () => {
    const nothing = { kind: 'ServiceList', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: null };
    expect(await shorts(ended(JSON.stringify(nothing)))).toEqual(['listed']);
  });

  test('each kind by itself, in one namespace where it has one', async () => {
    const { events, paths } = await playKinds(
      {
        Service: [list('1')],
        Node: [
          ended(listText('2', [object('n', '1')], undefined, 'Node')),
          open(line('ADDED', object('m', '5', 'Node'))),
        ],
      },
      { namespace: 'shop' },
    );
    expect(events.filter(({ kind }) => kind === 'Node').map(short)).toEqual(['listed n@1', 'changed m@5']);
    expect(paths.slice(0, 2)).toEqual(['/api/v1/namespaces/shop/services?limit=500', '/api/v1/nodes?limit=500']);
  });

  test('nothing more after the feed is closed', async () => {
    let sent = 1;
    const endless: Play = async signal => ({
      status: 200,
      body: (async function* () {
        for (;;) {
          await turn();
          if (signal.aborted) throw new Error('aborted');
          sent += 1;
          yield line('MODIFIED', object('a', String(sent)));
        }
      })(),
    });
    const seen: string[] = [];
    const script = [list('1'), endless];
    const api = {
      get: async (_: string, signal: AbortSignal) => (script.shift() ?? open())(signal),
      close: async () => {},
    };
    const feed = followCluster(api, {
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

describe('streams', () => {
  const first = list('1');

  test('lines may be cut anywhere, in the middle of a character too', async () => {
    const text = line('ADDED', { ...object('a', '2'), note: 'Grüße 🐙' }) + line('DELETED', object('b', '3'));
    const bytes = [...Buffer.from(text)].map(byte => Buffer.from([byte]));
    const { events } = await play([first, open(...bytes)]);
    expect(events.map(short)).toEqual(['listed', 'changed a@2', 'removed b@3']);
    expect(events[1]).toMatchObject({ object: { value: { note: 'Grüße 🐙' } } });
  });

  test('one that ends goes on where it was, without a list', async () => {
    const { events, paths, pauses } = await play([
      first,
      ended(line('ADDED', object('a', '5'))),
      ended(bookmark('9')),
      open(line('DELETED', object('a', '12'))),
    ]);
    expect(events.map(short)).toEqual(['listed', 'changed a@5', 'removed a@12']);
    expect(paths.slice(1, 4)).toEqual(['1', '5', '9'].map(watchPath));
    expect(pauses).toEqual([]);
  });

  test('one that breaks off goes on where it was, after a pause and without a word', async () => {
    const { paths, pauses, lines } = await play([first, cutOff(line('ADDED', object('a', '5')))]);
    expect(paths.slice(1)).toEqual(['1', '5'].map(watchPath));
    expect([pauses, lines]).toEqual([[200], []]);
  });

  test('the half of a line before the break does not count', async () => {
    const half = line('ADDED', object('b', '6')).slice(0, -9);
    for (const ending of [ended, cutOff]) {
      const { events, paths } = await play([first, ending(line('ADDED', object('a', '5')), half)]);
      expect(events.map(short)).toEqual(['listed', 'changed a@5']);
      expect(paths.at(-1)).toBe(watchPath('5'));
    }
  });

  test('one that brings nothing for too long is given up and opened again', async () => {
    const { events, paths, lines } = await play(
      [first, open(line('ADDED', object('a', '5'))), open(line('MODIFIED', object('a', '6'))), open()],
      { timing: { watchSilence: 5 } },
    );
    expect(events.map(short).slice(0, 3)).toEqual(['listed', 'changed a@5', 'changed a@6']);
    expect(paths.slice(1, 4)).toEqual(['1', '5', '6'].map(watchPath));
    expect(lines).toEqual([]);
  });

  test('no answer at all is given up too, and told when it happens again', async () => {
    const { lines, events } = await play([noAnswer, noAnswer, list('1')], { timing: { answerSilence: 5 } });
    expect(lines[0]).toBe('the API server is silent: nothing comes, and the connection stays open; trying again');
    expect(events.map(short)).toEqual(['listed']);
  });

  test('one that is ended at once again and again is told, and not opened in a hurry', async () => {
    const { lines, pauses, paths } = await play([first, ended(), ended(), list('2'), ended()]);
    expect(lines).toEqual(['the API server ends each watch at once; trying again']);
    expect(pauses).toEqual([200, 400, 800]);
    // After the second failure nothing is taken for granted any more.
    expect(paths).toContain(listPath);
  });

  test('one that brought nothing but stayed open was a success', async () => {
    const quiet: Play = async () => ({
      status: 200,
      body: (async function* () {
        yield '';
        await new Promise(resolve => setTimeout(resolve, 5));
      })(),
    });
    const { pauses, lines } = await play([first, quiet, quiet, open()], { timing: { settled: 0 } });
    expect([pauses, lines]).toEqual([[], []]);
  });
});

describe('when the history is gone', () => {
  const gone = status(410, 'Expired');
  test.each<[string, Play]>([
    ['as the answer', errorAnswer(410, JSON.stringify(gone))],
    ['as an event', open(line('ERROR', gone))],
    ['as an event after others', open(line('ADDED', object('a', '5')), line('ERROR', gone))],
    ['by its reason only', open(line('ERROR', { ...gone, code: 500 }))],
  ])('410 %s: it is listed anew, without a word', async (_, expired) => {
    const { events, paths, lines } = await play([list('1'), expired, list('30', object('z', '29'))]);
    expect(events.map(short).at(-1)).toBe('listed z@29');
    expect(paths.slice(2)).toEqual([listPath, watchPath('30')]);
    expect(lines).toEqual([]);
  });

  test('again and again: told, with pauses that double', async () => {
    const expired = open(line('ERROR', gone));
    const { lines, pauses } = await play([list('1'), expired, list('2'), expired, list('3'), expired]);
    expect(lines).toEqual(['the API server forgets the history of services at once (Expired it is); trying again']);
    expect(pauses).toEqual([200, 400, 800]);
  });

  test('in the middle of a list: the list begins again', async () => {
    const { events } = await play([
      ended(listText('1', [object('a', '1')], 'old')),
      errorAnswer(410, JSON.stringify(gone)),
      list('9', object('a', '8'), object('b', '9')),
    ]);
    expect(events.map(short)).toEqual(['listed a@8 b@9']);
  });

  test('any other ERROR lists anew', async () => {
    const error = line('ERROR', status(500, 'InternalError'));
    const { events, lines } = await play([list('1'), open(error), list('2', object('b', '2'))]);
    expect(events.map(short)).toEqual(['listed', 'listed b@2']);
    expect(lines).toEqual(['the API server cannot be reached, or does not work (InternalError it is); trying again']);
  });
});

describe('a list that is not whole is no list', () => {
  const good = list('9', object('a', '8'));
  const text = listText('1', [object('wrong', '1')]);
  test.each<[string, Play]>([
    ['cut off by the connection', cutOff(text.slice(0, 60))],
    ['whole, but the connection breaks before its end', cutOff(text)],
    ['cut off without an error', ended(text.slice(0, -4))],
    ['an empty answer', ended()],
    ['no JSON', ended('<html>please log in</html>')],
    ['a list of something else', ended(text.replace('ServiceList', 'PodList'))],
    ['without a resourceVersion', ended(text.replace('"resourceVersion":"1"', '"x":"1"'))],
    ['with an object without a name', ended(text.replace('"name":"wrong"', '"x":"1"'))],
    ['with items that are none', ended(text.replace(/"items":\[.*\]/, '"items":"many"'))],
  ])('%s', async (_, bad) => {
    const { events, paths } = await play([bad, good]);
    expect(events.map(short)).toEqual(['listed a@8']);
    expect(paths).toEqual([listPath, listPath, watchPath('9')]);
  });

  test('nor is one whose second page fails', async () => {
    const half = ended(listText('1', [object('wrong', '1')], 'more'));
    for (const bad of [cutOff('{'), errorAnswer(500, 'etcdserver: request timed out'), refused, ended('{}')]) {
      expect(await shorts(half, bad, good)).toEqual(['listed a@8']);
    }
  });

  test('nor one whose pages have no end', async () => {
    const page = ended(listText('1', [object('wrong', '1')], 'same'));
    expect(await shorts(page, page, good)).toEqual(['listed a@8']);
  });
});

describe('garbage in a stream', () => {
  const good = line('ADDED', object('a', '5'));
  test.each([
    ['no JSON', 'I am a captive portal\n'],
    ['no event', '{"hello":"world"}\n'],
    ['an event of no known type', line('EXPLODED', object('b', '6'))],
    ['an object of another kind', line('ADDED', object('b', '6', 'Pod'))],
    ['an object without a resourceVersion', line('ADDED', { kind: 'Service', metadata: { name: 'b' } })],
    ['a type that every JavaScript object has', line('constructor', object('b', '6'))],
  ])('%s: what came before counts, and it is listed anew', async (_, bad) => {
    const { events, lines } = await play([list('1'), open(good, bad, good), list('9', object('a', '8'))]);
    expect(events.map(short)).toEqual(['listed', 'changed a@5', 'listed a@8']);
    expect(lines[0]).toMatch(/^services: what comes is not what an API server sends \(.*\); trying again; something/);
  });

  test('a line without an end is not collected for ever', async () => {
    let sent = 0;
    async function* endless() {
      for (;;) {
        sent += 1;
        yield 'x'.repeat(8_000_000);
      }
    }
    const { lines } = await play([list('1'), async () => ({ status: 200, body: endless() }), list('2')]);
    expect(lines[0]).toContain('a line without an end');
    expect(sent).toBeLessThan(10);
  });
});

describe('an API server that is away', () => {
  const away = errorAnswer(500, 'dial tcp 10.0.0.1:6443: connect: connection refused\n');
  const told =
    'the API server cannot be reached, or does not work (dial tcp 10.0.0.1:6443: connect: connection refused); trying again';
  const over = 'over, the cluster is followed again: the API server cannot be reached, or does not work';

  test('is told once, asked with pauses that double to a limit, and listed anew when it is back', async () => {
    const { events, lines, pauses } = await play([
      list('1', object('a', '1')),
      cutOff(bookmark('4')),
      ...Array<Play>(10).fill(away),
      list('90', object('b', '80')),
      open(line('ADDED', object('c', '91'))),
    ]);
    expect(events.map(short)).toEqual(['listed a@1', 'listed b@80', 'changed c@91']);
    expect(lines).toEqual([told, over]);
    expect(pauses).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000, 30_000]);
  });

  test('from the start', async () => {
    const { events, lines } = await play([away, list('1'), open(bookmark('2'))]);
    expect(events.map(short)).toEqual(['listed']);
    expect(lines).toEqual([told, over]);
  });

  test('the pauses are up to half as long, by chance, so that not all nodes come at once', async () => {
    const { pauses } = await play([away, away, list('1')], { timing: { random: () => 0.5 } });
    expect(pauses).toEqual([150, 300]);
  });

  test('after a success the pauses are short again', async () => {
    const { pauses } = await play([away, away, list('1'), cutOff(bookmark('2')), away, list('3')]);
    expect(pauses).toEqual([200, 400, 200, 400]);
  });

  test('other trouble is told when it takes the place of the first', async () => {
    const { lines } = await play([away, refused, refused, away, list('1'), open(bookmark('2'))]);
    expect(lines).toEqual([
      told,
      'kubectl proxy does not answer (connect ECONNREFUSED /run/api.sock); trying again',
      told,
      over,
    ]);
  });

  test('is told once for all kinds, and so is its end', async () => {
    const { lines } = await playKinds({
      Service: [away, away, list('1'), open(bookmark('2'))],
      Pod: [away, ended(listText('1', [], undefined, 'Pod')), open(bookmark('2').replace('Service', 'Pod'))],
    });
    expect(lines).toEqual([told, over]);
  });
});

describe('an API server that is back', () => {
  const away = errorAnswer(500, 'no route to host');
  const pods = ended(listText('1', [], undefined, 'Pod'));

  /** Services find the API server back while Pods, after this answer, are in a pause that nobody but the feed can end. */
  async function podsAfter(answer: Play): Promise<boolean> {
    let pauses = 0;
    let asleep = () => {};
    const podsAreAsleep = new Promise<void>(resolve => {
      asleep = resolve;
    });
    const api = {
      get: async (path: string, signal: AbortSignal): Promise<ApiAnswer> => {
        const play = (path.includes('pods') ? script.pods : script.services).shift() ?? open();
        return play(signal);
      },
      close: async () => {},
    };
    const back: Play = async signal => {
      await podsAreAsleep;
      return list('1')(signal);
    };
    const script = { services: [away, back, open(bookmark('2'))], pods: [answer, pods] };
    let hasPods = false;
    let isBack = false;
    const feed = followCluster(api, {
      kinds: ['Service', 'Pod'],
      onEvent: ({ kind }) => {
        hasPods ||= kind === 'Pod';
      },
      onTrouble: text => {
        isBack ||= text.startsWith('over');
      },
      timing: {
        sleep: async (_, signal) => {
          pauses += 1;
          if (pauses === 1) return;
          asleep();
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

  test('for one kind is back for the others that wait for it', async () => {
    expect(await podsAfter(away)).toBe(true);
    expect(await podsAfter(refused)).toBe(true);
    expect(await podsAfter(errorAnswer(401, ''))).toBe(true);
  });

  test('but not for one that was asked for patience, or whose kind is forbidden', async () => {
    expect(await podsAfter(errorAnswer(429, '', 60))).toBe(false);
    expect(await podsAfter(errorAnswer(403, ''))).toBe(false);
  });
});

describe('answers that say no', () => {
  const json = (code: number, reason: string, details?: object) => JSON.stringify(status(code, reason, details));

  test('429: the API server gets the pause that it asks for, in the header or in the text', async () => {
    const { pauses, lines, paths } = await play([
      list('1'),
      ended(bookmark('4')),
      errorAnswer(429, 'Too many requests, please try again later.', 7),
      errorAnswer(429, json(429, 'TooManyRequests', { retryAfterSeconds: 3 })),
    ]);
    expect(pauses).toEqual([7_000, 3_000]);
    expect(lines).toEqual(['the API server has too much to do (TooManyRequests it is); trying again']);
    expect(paths.slice(2)).toEqual(['4', '4', '4'].map(watchPath));
  });

  test('429 without a pause, and with one of years', async () => {
    const { pauses } = await play([errorAnswer(429, ''), errorAnswer(429, '', 99_999_999), list('1')]);
    expect(pauses).toEqual([200, 600_000]);
  });

  test.each([
    [401, 'Unauthorized', 'the API server does not accept the credentials (Unauthorized it is); trying again; log in'],
    [403, 'Forbidden', 'services may not be read with these credentials (Forbidden it is); trying again; they must'],
    [404, 'NotFound', 'the API server does not have services (NotFound it is); trying again; kproxy needs'],
    [400, 'BadRequest', 'the API server answers with 400 when asked for services (BadRequest it is); trying again'],
  ])('%i: told, and tried again', async (code, reason, told) => {
    const { lines, events } = await play([errorAnswer(code, json(code, reason)), list('1'), open(bookmark('2'))]);
    expect(lines[0]).toContain(told);
    expect(lines[1]).toMatch(/^over, the cluster is followed again: /);
    expect(events.map(short)).toEqual(['listed']);
  });

  test('a watch that is forbidden where the list is not: the list is read again each time', async () => {
    const no = errorAnswer(403, json(403, 'Forbidden'));
    const { events, lines } = await play([list('1', object('a', '1')), no, list('2', object('b', '2')), no]);
    expect(events.map(short)).toEqual(['listed a@1', 'listed b@2']);
    expect(lines).toHaveLength(1);
  });

  test('what the API server says cannot drive the terminal', async () => {
    const { lines } = await play([errorAnswer(400, '\u001b[2Jgone'), list('1')]);
    expect(lines[0]).not.toContain('\u001b');
  });
});

describe('an optional kind', () => {
  const forbidden = errorAnswer(403, JSON.stringify(status(403, 'Forbidden')));

  test('that is forbidden is empty, with one word, and asked for again rarely', async () => {
    const { events, lines, pauses } = await play([forbidden, forbidden, list('1', object('a', '1'))], {
      optional: ['Service'],
    });
    expect(events.map(short)).toEqual(['listed', 'listed a@1']);
    expect(lines).toEqual(['services may not be read with these credentials; going on without them']);
    expect(pauses).toEqual([300_000, 300_000]);
  });

  test('that becomes forbidden later is not taken for empty', async () => {
    const { events, lines } = await play([list('1', object('a', '1')), ended(bookmark('2')), forbidden, forbidden], {
      optional: ['Service'],
    });
    expect(events.map(short)).toEqual(['listed a@1']);
    expect(lines).toHaveLength(1);
  });

  test('that is merely out of reach is not empty', async () => {
    const { events } = await play([errorAnswer(500, 'no route to host'), list('1')], { optional: ['Service'] });
    expect(events.map(short)).toEqual(['listed']);
  });
});
