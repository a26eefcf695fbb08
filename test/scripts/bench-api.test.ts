import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { extrapolate, figuresOf } from '../../scripts/bench-api/figures.js';
import { requestsFrom } from '../../scripts/bench-api/guest/audit.js';
import { endpointCount, podObjects, podStatuses, serviceObjects } from '../../scripts/bench-api/guest/cluster.js';
import { type Counter, startCounter } from '../../scripts/bench-api/guest/counter.js';
import type { Measurement, Phase, Traffic } from '../../scripts/bench-api/guest/job.js';
import { nodeObject } from '../../scripts/bench-api/guest/node-object.js';
import { parseOptions } from '../../scripts/bench-api/options.js';
import { clusterText, manyNodesText, readmeTable } from '../../scripts/bench-api/readme-table.js';
import { verdictOf } from '../../scripts/shared/figures.js';
import { withSection } from '../../scripts/shared/record.js';
import { tableOf } from '../../scripts/shared/table.js';

describe('the counter', () => {
  const opened: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close();
  });

  /** Starts a server that answers every connection once, and a counter before it. */
  async function startPair(answer: Buffer, onSocket = (_: Socket) => {}): Promise<Counter> {
    const server: Server = createServer(socket => {
      onSocket(socket);
      socket.once('data', () => socket.end(answer));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const target = { host: '127.0.0.1', port };
    const counter = await startCounter({ address: '127.0.0.1', target, localAddress: '127.0.0.9' });
    opened.push(server, counter);
    return counter;
  }

  const ask = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      let received = 0;
      connect(port, '127.0.0.1', function (this: Socket) {
        this.write('a question');
      })
        .on('data', bytes => {
          received += bytes.length;
        })
        .on('error', reject)
        .on('close', () => resolve(received));
    });

  test('passes all bytes on, and counts those of the server on all connections', async () => {
    const counter = await startPair(Buffer.alloc(300_000, 'x'));
    expect(counter.received()).toBe(0);
    expect(await Promise.all([ask(counter.port), ask(counter.port)])).toEqual([300_000, 300_000]);
    expect(counter.received()).toBe(600_000);
  });
  test('reaches the server from the address that it was given', async () => {
    const addresses: (string | undefined)[] = [];
    const counter = await startPair(Buffer.from('x'), ({ remoteAddress }) => void addresses.push(remoteAddress));
    await ask(counter.port);
    expect(addresses).toEqual(['127.0.0.9']);
  });
  test('ends the connection of a client if the server cannot be reached', async () => {
    const counter = await startCounter({ address: '127.0.0.1', target: { host: '127.0.0.1', port: 1 } });
    opened.push(counter);
    expect(await ask(counter.port).catch(() => 0)).toBe(0);
  });
  test('ends open connections when it is closed', async () => {
    const counter = await startPair(Buffer.from('x'));
    const client = connect(counter.port, '127.0.0.1').on('error', () => {});
    const closed = new Promise(resolve => client.once('close', resolve));
    await new Promise(resolve => client.once('connect', resolve));
    await counter.close();
    await closed;
    expect(client.destroyed).toBe(true);
  });
});

test('the requests of one client are read from the audit log, without numbers that differ between runs', () => {
  const event = (source: string, verb: string, requestURI: string) =>
    JSON.stringify({ verb, requestURI, sourceIPs: [source], userAgent: 'kproxy/1 (linux/amd64)' });
  const log = [
    event('127.0.0.2', 'list', '/api/v1/services?limit=500&resourceVersion=0'),
    event('127.0.0.3', 'list', '/api/v1/services'),
    event('127.0.0.2', 'watch', '/api/v1/services?resourceVersion=2821&timeoutSeconds=384&watch=1'),
    event('127.0.0.2', 'watch', '/api/v1/nodes?timeout=7m3s&watch=1'),
    '',
  ];
  expect(requestsFrom(log.join('\n'), '127.0.0.2')).toEqual([
    'list /api/v1/services?limit=500&resourceVersion=0 (kproxy/1)',
    'watch /api/v1/services?resourceVersion=N&timeoutSeconds=N&watch=1 (kproxy/1)',
    'watch /api/v1/nodes?timeout=N&watch=1 (kproxy/1)',
  ]);
});

describe('the cluster', () => {
  test('has 500 Pods of one Service and 400 of 200 others, each with an address of its own', () => {
    expect({ services: serviceObjects.length, pods: podObjects.length, endpointCount }).toEqual({
      services: 201,
      pods: 900,
      endpointCount: 860,
    });
    expect(new Set(podStatuses.map(({ status }) => status.podIP)).size).toBe(900);
    expect(new Set(podObjects.map(({ metadata }) => metadata.name)).size).toBe(900);
  });
  test('has Nodes of some kilobytes that differ in name and address', () => {
    const nodes = Array.from({ length: 300 }, (_, index) => nodeObject(index));
    expect(JSON.stringify(nodes[0]).length).toBeGreaterThan(7_000);
    expect(new Set(nodes.map(({ metadata }) => metadata.name)).size).toBe(300);
    expect(new Set(nodes.map(({ status }) => status.addresses[0]?.address)).size).toBe(300);
  });
});

const traffic = (bytes: number, requests = 0): Traffic => ({
  bytes,
  requests: Array.from({ length: requests }, () => 'watch /api/v1/services (kproxy/1)'),
});
const program = (lists: number, heartbeats: number, flips: number): Readonly<Record<Phase, Traffic>> => ({
  lists: traffic(lists, 4),
  heartbeats: traffic(heartbeats),
  flips: traffic(flips),
  renewal: traffic(3_000, 4),
  'later heartbeats': traffic(2 * heartbeats),
  'later flips': traffic(2 * flips),
  'quiet minute': traffic(400),
});
const measured = (nodes: number, heartbeats: number): Measurement => ({
  nodes,
  nodeBytes: 10_240,
  kproxy: program(800_000, heartbeats, 250_000),
  kubeProxy: program(400_000, 10_000, 100_000),
  oneShots: { sync: traffic(700_000, 3), diff: traffic(700_000, 3) },
});
const measurements = [measured(100, 20_000), measured(300, 60_000)];

test('figures compare with kube-proxy, and with the smaller cluster', () => {
  const verdicts = figuresOf(measurements).map(figure => [figure.size, figure.name, figure.ratio, verdictOf(figure)]);
  expect(verdicts.filter(([, , , verdict]) => verdict !== '')).toEqual([
    ['100 nodes', 'start', 2, 'ok'],
    ['100 nodes', 'one heartbeat of every Node', 2, 'ok'],
    ['100 nodes', 'ten readiness flips of one Pod', 2.5, 'ok'],
    ['100 nodes', 'then one heartbeat of every Node', 2, 'ok'],
    ['100 nodes', 'then ten readiness flips of one Pod', 2.5, 'ok'],
    ['300 nodes', 'start', 2, 'ok'],
    ['300 nodes', 'one heartbeat of every Node', 6, 'over'],
    ['300 nodes', 'ten readiness flips of one Pod', 2.5, 'ok'],
    ['300 nodes', 'then one heartbeat of every Node', 6, 'over'],
    ['300 nodes', 'then ten readiness flips of one Pod', 2.5, 'ok'],
    ['100 to 300 nodes', 'growth: start', undefined, 'ok'],
    ['100 to 300 nodes', 'growth: one heartbeat of every Node', undefined, 'over'],
    ['100 to 300 nodes', 'growth: ten readiness flips of one Pod', undefined, 'ok'],
    ['100 to 300 nodes', 'growth: then one heartbeat of every Node', undefined, 'over'],
    ['100 to 300 nodes', 'growth: then ten readiness flips of one Pod', undefined, 'ok'],
  ]);
  expect(tableOf(figuresOf(measurements))).toMatch(
    /^300 nodes +one heartbeat of every Node +60\.0 KB +10\.0 KB +6\.00 +≤ 2\.5 × +over$/m,
  );
});

test('a watch that was renewed while something else was measured shows in the notes', () => {
  const disturbed: Measurement = {
    ...measured(100, 20_000),
    kubeProxy: { ...program(1, 1, 1), flips: traffic(100_000, 1) },
  };
  expect(figuresOf([disturbed]).map(({ note }) => note)).toEqual([
    'requests: kproxy 4, kube-proxy 4',
    'requests: kproxy 0, kube-proxy 0',
    'requests: kproxy 0, kube-proxy 1; disturbed: a watch was renewed meanwhile',
    'requests: kproxy 4, kube-proxy 4',
    ...Array.from({ length: 3 }, () => 'requests: kproxy 0, kube-proxy 0'),
    'requests: 3',
    'requests: 3',
  ]);
});

test('one size alone has no figures of growth', () => {
  expect(figuresOf(measurements.slice(0, 1)).filter(({ unit }) => unit === '×')).toEqual([]);
});

test('what does not grow stays the same in a larger cluster, and what grows does so with each Node', () => {
  expect(extrapolate([10_000, 10_900], [100, 300], 5_000)).toBe(10_900);
  expect(extrapolate([10_000, 30_000], [100, 300], 5_000)).toBe(500_000);
});

test('the table of the README has a column for each number of Nodes', () => {
  expect(readmeTable({ measurements })).toBe(
    [
      '| the API server sends to one node | 100 Nodes | 300 Nodes |',
      '| --- | --- | --- |',
      "| start | 800 KB: 2.0 × kube-proxy's 400 KB | 800 KB: 2.0 × kube-proxy's 400 KB |",
      "| one heartbeat of every Node | 20 KB: 2.0 × kube-proxy's 10 KB | 60 KB: 6.0 × kube-proxy's 10 KB |",
      "| ten readiness flips of one Pod | 250 KB: 2.5 × kube-proxy's 100 KB | 250 KB: 2.5 × kube-proxy's 100 KB |",
      "| connections cut, watches renewed | 3.0 KB: 1.0 × kube-proxy's 3.0 KB | 3.0 KB: 1.0 × kube-proxy's 3.0 KB |",
      "| then one heartbeat of every Node | 40 KB: 2.0 × kube-proxy's 20 KB | 120 KB: 6.0 × kube-proxy's 20 KB |",
      "| then ten readiness flips of one Pod | 500 KB: 2.5 × kube-proxy's 200 KB | 500 KB: 2.5 × kube-proxy's 200 KB |",
      "| a quiet minute | 0.4 KB: 1.0 × kube-proxy's 0.4 KB | 0.4 KB: 1.0 × kube-proxy's 0.4 KB |",
      '| `kproxy sync`, once | 700 KB | 700 KB |',
      '| `kproxy diff`, once | 700 KB | 700 KB |',
    ].join('\n'),
  );
  expect(clusterText({ measurements })).toBe('A Node has 10 KB of JSON.');
});

test('the cost of 5,000 nodes is what one costs, 5,000 times', () => {
  const text = manyNodesText({ measurements });
  expect(text).toContain('send 4.0 GB (kube-proxy: 2.0 GB).');
  // Once the watches are renewed, heartbeats grow by 400 bytes for each Node: 120 KB + 4,700 * 0.4 KB = 2 MB for one.
  expect(text).toContain('One heartbeat of every Node, each five minutes, costs 10 GB (kube-proxy: 100 MB).');
  expect(text).toContain('costs 250 GB (kube-proxy: 100 GB).');
});

describe('the section of the README', () => {
  test('is replaced between its marks, whatever characters it has', () => {
    expect(withSection('a\n<!-- x -->old<!-- end of x -->\nb', 'x', ['$& one', 'two'])).toBe(
      'a\n<!-- x -->\n\n$& one\n\ntwo\n\n<!-- end of x -->\nb',
    );
  });
  test('has its text in lines of at most 120 characters, and its tables as they are', () => {
    const table = `| ${'a b '.repeat(50)}|`;
    const text = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
    const lines = withSection('<!-- x --><!-- end of x -->', 'x', [text, table]).split('\n');
    expect(lines).toContain(table);
    const textLines = lines.filter(line => line.startsWith('word'));
    expect(textLines.map(({ length }) => length <= 120)).toEqual([true, true, true, true]);
    expect(textLines.join(' ')).toBe(text);
  });
  test('must be there', () => {
    expect(() => withSection('<!-- end of x --><!-- x -->', 'x', [])).toThrow('no <!-- x --> before <!-- end of x -->');
  });
});

describe('the command line', () => {
  test('has defaults', () => {
    expect(parseOptions([])).toEqual({ output: 'table', nodes: [100, 300], record: false });
  });
  test('takes numbers of Nodes', () => {
    expect(parseOptions(['-o', 'json', '--nodes', '10,20', '--record'])).toEqual({
      output: 'json',
      nodes: [10, 20],
      record: true,
    });
  });
  test.each([
    [['--nodes', '9'], '--nodes 9: numbers from 10 to 1000, in ascending order'],
    [['--nodes', '300,100'], '--nodes 300,100: numbers from 10'],
    [['--nodes', '1e2'], '--nodes 1e2: numbers from 10'],
    [['--nodes', ''], '--nodes : numbers from 10'],
    [['--nodes', '100', '--record'], '--record: needs two numbers of --nodes'],
    [['-o', 'xml'], '-o xml: json or table'],
    [['--fast'], "Unknown option '--fast'"],
  ])('refuses %j', (argv, message) => {
    expect(() => parseOptions(argv)).toThrow(message);
  });
});
