import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { nodeQueries } from '../../../src/cluster/node-queries.js';
import {
  bookmark,
  brokenAnswer,
  completeAnswer,
  errorAnswer,
  eventLine,
  listEnd,
  listText,
  namedObject,
  openAnswer,
  type Reply,
  statusObject,
  streamText,
} from '../../support/fake-api-server/index.js';
import { listAnswer, type PlayOptions, play, playKinds, short } from './play.js';

const services = '/api/v1/services';
const streamPath =
  `${services}?watch=1&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan` +
  '&timeoutSeconds=300';
const watchPath = (version: string) =>
  `${services}?watch=1&allowWatchBookmarks=true&resourceVersion=${version}&timeoutSeconds=300`;
const listPath = `${services}?limit=500&resourceVersion=0`;
const status = (code: number, reason: string, details?: object) => JSON.stringify(statusObject(code, reason, details));
const [a, b] = [namedObject('a', '3'), namedObject('b', '7')];
const complete = openAnswer(streamText('10', [a, b]));

const playStream = (script: readonly Reply[], options: PlayOptions = {}) => play(script, { streams: true, ...options });

// Only play()'s option `tick` lets time pass.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

describe('a streaming list', () => {
  test('is one request with the watch that follows', async () => {
    const changes = eventLine('MODIFIED', namedObject('a', '11')) + eventLine('DELETED', namedObject('b', '12'));
    const { events, paths, lines } = await playStream([openAnswer(streamText('10', [a, b]), changes)]);
    expect(events.map(short)).toEqual(['listed a@3 b@7', 'changed a@11', 'removed b@12']);
    expect([paths, lines]).toEqual([[streamPath], []]);
  });

  test('may be empty', async () => {
    const { events } = await playStream([openAnswer(listEnd('10'))]);
    expect(events.map(short)).toEqual(['listed']);
  });

  test('has what became of objects that changed before its end', async () => {
    const changes = eventLine('MODIFIED', namedObject('a', '8')) + eventLine('DELETED', namedObject('b', '9'));
    const text = eventLine('ADDED', a) + eventLine('ADDED', b) + bookmark('7') + changes + listEnd('9');
    const { events } = await playStream([openAnswer(text)]);
    expect(events.map(short)).toEqual(['listed a@8']);
  });

  test('is resumed as a watch from its end, without a list', async () => {
    const { events, paths } = await playStream([
      completeAnswer(streamText('10', [a])),
      openAnswer(eventLine('ADDED', namedObject('b', '11'))),
    ]);
    expect(events.map(short)).toEqual(['listed a@3', 'changed b@11']);
    expect(paths).toEqual([streamPath, watchPath('10')]);
  });

  test('follows a watch whose history is gone, without a report', async () => {
    const { events, paths, lines } = await playStream([
      completeAnswer(streamText('10', [a])),
      openAnswer(eventLine('ERROR', statusObject(410, 'Expired'))),
      openAnswer(streamText('90', [b])),
    ]);
    expect(events.map(short)).toEqual(['listed a@3', 'listed b@7']);
    expect([paths, lines]).toEqual([[streamPath, watchPath('10'), streamPath], []]);
  });

  test('opens watches of 5 to 10 minutes', async () => {
    const { paths } = await playStream([complete], { timing: { random: () => 0.999 } });
    expect(paths[0]).toMatch(/&timeoutSeconds=600$/);
  });

  test('that names no end is given up, and the next list is one without a stream', async () => {
    const { events, paths } = await playStream([openAnswer(eventLine('ADDED', a)), listAnswer('9', b)], {
      timing: { answerSilence: 5 },
      tick: 1,
    });
    expect(events.map(short)).toEqual(['listed b@7']);
    expect(paths.slice(0, 3)).toEqual([streamPath, listPath, watchPath('9')]);
  });

  test.each<[string, Reply]>([
    ['breaks off', brokenAnswer(eventLine('ADDED', a))],
    ['ends', completeAnswer(eventLine('ADDED', a))],
    ['is not one', completeAnswer('<html>please log in</html>')],
  ])('that %s before its end is not used, and the next list is one without a stream', async (_, bad) => {
    const { events, paths, pauses } = await playStream([bad, listAnswer('9', b)]);
    expect(events.map(short)).toEqual(['listed b@7']);
    expect([paths, pauses]).toEqual([[streamPath, listPath, watchPath('9')], [800]]);
  });

  test('is tried again in turn with a list, until one of them succeeds', async () => {
    const broken = brokenAnswer('{');
    const { events, paths } = await playStream([broken, broken, complete]);
    expect(events.map(short)).toEqual(['listed a@3 b@7']);
    expect(paths).toEqual([streamPath, listPath, streamPath]);
  });

  test('is no success before its end: the pauses grow', async () => {
    const broken = brokenAnswer(eventLine('ADDED', a));
    const { pauses, lines } = await playStream([broken, errorAnswer(500, 'no route to host'), broken, complete]);
    expect(pauses).toEqual([800, 1_600, 3_200]);
    expect(lines).toHaveLength(2);
  });

  test('waits as long as an API server whose cache is not ready wants, and stays a stream', async () => {
    const { paths, pauses } = await playStream([errorAnswer(429, status(429, 'TooManyRequests'), 7), complete], {
      timing: { random: () => 0.5 },
    });
    expect(paths.map(path => path.replace('450', '300'))).toEqual([streamPath, streamPath]);
    expect(pauses).toEqual([7_400]);
  });
});

describe('a streaming list without an end', () => {
  const over = openAnswer(bookmark('10'), eventLine('ERROR', statusObject(410, 'Gone')));
  const large = { ...namedObject('a', '3'), filler: 'x'.repeat(4_000_000) };

  test.each([
    ['new objects', (number: number) => ({ ...large, metadata: { name: `a${number}`, resourceVersion: '3' } })],
    ['the same object', () => large],
  ])('is not collected if it brings %s, reported once, and no stream is tried again', async (_, objectOf) => {
    const stream = Array.from({ length: 60 }, (__, number) => eventLine('ADDED', objectOf(number)));
    const { events, paths, lines, pauses } = await playStream([
      openAnswer(...stream),
      listAnswer('9', b),
      over,
      listAnswer('20', a),
    ]);
    expect(events.map(short)).toEqual(['listed b@7', 'listed a@3']);
    expect(paths).toEqual([streamPath, listPath, watchPath('9'), `${services}?resourceVersion=10`, watchPath('20')]);
    expect(pauses[0]).toBe(800);
    expect(lines).toEqual([
      expect.stringMatching(
        /^services: the list is too large, and is not used \(after 16\d+ characters with 4\d objects\)/,
      ),
      'over, the cluster is followed again: services: the list is too large, and is not used',
    ]);
  });

  const timing = { answerSilence: 1_000, longestList: 5_000, watchSilence: 20_000 };
  const slowly =
    (milliseconds: number, ...chunks: readonly string[]): Reply =>
    async signal => ({
      status: 200,
      retryAfterSeconds: undefined,
      body: (async function* () {
        for (const chunk of chunks) {
          await new Promise(resolve => setTimeout(resolve, milliseconds));
          if (signal.aborted) throw new Error('aborted');
          yield chunk;
        }
      })(),
    });

  test('is given up in time, and no stream is tried again', async () => {
    const drip = Array(20).fill(eventLine('ADDED', a));
    const { events, paths, lines } = await playStream(
      [slowly(900, ...drip), listAnswer('9', b), over, listAnswer('20', a)],
      { timing, tick: 100 },
    );
    expect(events.map(short)).toEqual(['listed b@7', 'listed a@3']);
    expect(paths.filter(path => path === streamPath)).toHaveLength(1);
    expect(lines[0]).toBe('the API server does not come to the end of an answer; trying again');
  });

  test('is not one that ends in time, whose watch stays open for longer than a list may take', async () => {
    const change = (version: number) => eventLine('MODIFIED', namedObject('a', String(version)));
    const { events, lines } = await playStream(
      [
        slowly(900, eventLine('ADDED', a), eventLine('ADDED', b), listEnd('10'), ...[11, 12, 13, 14, 15].map(change)),
        openAnswer(),
      ],
      { timing: { ...timing, answerSilence: 2_000 }, tick: 100 },
    );
    expect(events).toHaveLength(6);
    expect(lines).toEqual([]);
  });
});

describe('an API server without streaming lists', () => {
  test.each([
    ['with the feature switched off, or older than 1.27', errorAnswer(422, status(422, 'Invalid'))],
    ['that takes no such parameter', errorAnswer(400, status(400, 'BadRequest'))],
  ])('%s is asked for one only once, without a pause or a report', async (_, refusal) => {
    const { paths, pauses, lines, events } = await playKinds(
      {
        Service: [
          refusal,
          listAnswer('1', a),
          openAnswer(eventLine('ERROR', statusObject(410, 'Gone'))),
          listAnswer('4', b),
        ],
      },
      { streams: true },
    );
    expect(events.map(short)).toEqual(['listed a@3', 'listed b@7']);
    expect(paths).toEqual([streamPath, listPath, watchPath('1'), `${services}?resourceVersion=1`, watchPath('4')]);
    expect([pauses, lines]).toEqual([[800], []]);
  });

  test('that refuses two kinds at the same time is read without streams', async () => {
    const refusal = errorAnswer(422, status(422, 'Invalid'));
    const { events, lines } = await playKinds(
      {
        Service: [refusal, listAnswer('1', a)],
        Pod: [refusal, completeAnswer(listText('1', [], undefined, 'Pod'))],
      },
      { streams: true },
    );
    expect(events.map(short).sort()).toEqual(['listed', 'listed a@3']);
    expect(lines).toEqual([]);
  });

  test('whose etcd cannot serve them is read without a stream at once', async () => {
    const { events, paths, pauses, lines } = await playStream([
      openAnswer(eventLine('ERROR', statusObject(500, 'InternalError'))),
      listAnswer('9', b),
    ]);
    expect(events.map(short)).toEqual(['listed b@7']);
    expect([paths, pauses, lines]).toEqual([[streamPath, listPath, watchPath('9')], [], []]);
  });
});

describe('a list without a stream', () => {
  const tooNew = errorAnswer(504, status(504, 'Timeout', { causes: [{ reason: 'ResourceVersionTooLarge' }] }));
  const gone = openAnswer(eventLine('ERROR', statusObject(410, 'Expired')));

  test.each<[string, Reply]>([
    ['has not reached the version, as after a backup of etcd', tooNew],
    [
      'says so in the words of Kubernetes 1.17',
      errorAnswer(504, '{"kind":"Status","message":"Too large resource version"}'),
    ],
    ['has lost the version', errorAnswer(410, status(410, 'Expired'))],
  ])('is a consistent one if the API server %s', async (_, refusal) => {
    const { events, paths, lines } = await play([listAnswer('50', a), gone, refusal, listAnswer('7', b)]);
    expect(events.map(short)).toEqual(['listed a@3', 'listed b@7']);
    expect(paths.slice(2)).toEqual([`${services}?resourceVersion=50`, `${services}?limit=500`, watchPath('7')]);
    expect(lines).toEqual([]);
  });
});

describe('selections', () => {
  const selections = nodeQueries('worker-1');
  const labels = 'labelSelector=%21service.kubernetes.io%2Fheadless%2C%21service.kubernetes.io%2Fservice-proxy-name';

  test('are a part of each list and watch', async () => {
    const { paths } = await playKinds(
      {
        Service: [completeAnswer(streamText('1', []))],
        EndpointSlice: [completeAnswer(streamText('1', [], 'EndpointSlice'))],
        Node: [completeAnswer(streamText('1', [], 'Node'))],
      },
      { streams: true, selections },
    );
    const queriesOf = (resource: string) =>
      paths.filter(path => path.includes(`/${resource}?`)).map(path => path.replace(/.*timeoutSeconds=300/, ''));
    expect(queriesOf('services')).toEqual(Array(2).fill(`&${labels}&fieldSelector=spec.clusterIP%21%3DNone`));
    expect(queriesOf('endpointslices')).toEqual(Array(2).fill(`&${labels}`));
    expect(queriesOf('nodes')).toEqual(Array(2).fill('&fieldSelector=metadata.name%3Dworker-1'));
  });

  test('of a field that the API server does not know are left out, without a pause or a report', async () => {
    const { events, paths, pauses, lines } = await playStream([errorAnswer(400, status(400, 'BadRequest')), complete], {
      selections,
    });
    expect(events.map(short)).toEqual(['listed a@3 b@7']);
    expect(paths).toEqual([
      `${streamPath}&${labels}&fieldSelector=spec.clusterIP%21%3DNone`,
      `${streamPath}&${labels}`,
    ]);
    expect([pauses, lines]).toEqual([[], []]);
  });

  test('by the name of a Node are never left out: all Nodes would be too many', async () => {
    const { paths, lines } = await playKinds(
      { Node: [errorAnswer(400, ''), errorAnswer(400, ''), completeAnswer(listText('1', [], undefined, 'Node'))] },
      { streams: true, selections },
    );
    expect(paths.every(path => path.endsWith('&fieldSelector=metadata.name%3Dworker-1'))).toBe(true);
    expect(lines).toHaveLength(1);
  });

  test('bring an object that is not selected any more as removed', async () => {
    // The API server sends DELETED with the object as it is now.
    const headless = { ...namedObject('a', '11'), spec: { clusterIP: 'None' } };
    const { events } = await playStream([openAnswer(streamText('10', [a, b]), eventLine('DELETED', headless))], {
      selections,
    });
    expect(events.map(short)).toEqual(['listed a@3 b@7', 'removed a@11']);
  });
});
