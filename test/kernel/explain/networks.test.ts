import { beforeAll, describe, expect, test } from 'vitest';
import { requests } from '../../../src/sandbox/network/request.js';
import { outcomeOf } from '../packets/support/table.js';
import { bootMilliseconds, output, useNetwork } from '../support/guest.js';
import { readDatapath } from './support/datapath.js';
import { explained, outcomesOf } from './support/explained.js';
import {
  localNodePort,
  type NodeOfKind,
  networks,
  nodePorts,
  nodes,
  prepareMachines,
  prepareNode,
} from './support/networks.js';

const sandbox = useNetwork(networks, { memoryMegabytes: 512 });
beforeAll(() => prepareMachines(sandbox()), bootMilliseconds);

/** Each backend of two gets its turn, and one request more shows that there is no third way. */
const times = 3;
const timeoutMilliseconds = 400;

interface Asked {
  readonly from: string;
  readonly source: string | undefined;
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

function flowsOf({ name, address, pods, vip, udpVip }: NodeOfKind): readonly Asked[] {
  const clients = [
    { from: name, source: undefined },
    { from: `pod-${name}`, source: `${pods}.9` },
    { from: `web-${name}`, source: `${pods}.3` },
    { from: 'outside', source: '192.168.33.99' },
  ];
  const targets = [
    { address: vip, port: 80, protocol: 'tcp' },
    { address: udpVip, port: 53, protocol: 'udp' },
    { address, port: nodePorts.tcp, protocol: 'tcp' },
    { address, port: nodePorts.udp, protocol: 'udp' },
    { address, port: localNodePort, protocol: 'tcp' },
  ] as const;
  const dns = (['tcp', 'udp'] as const).map(protocol => ({ address: '169.254.20.10', port: 53, protocol }));
  return clients.flatMap(client =>
    [...targets, ...(name === 'dns' && client.from !== 'outside' ? dns : [])].map(target => ({ ...client, ...target })),
  );
}

const titleOf = ({ from, address, port, protocol }: Asked): string => `${from} to ${protocol} ${address}:${port}`;

/** Compares what explain says of every flow of a node with what its packets get. Returns what they get. */
async function compare(node: NodeOfKind): Promise<Readonly<Record<string, readonly string[]>>> {
  const flows = flowsOf(node);
  const datapath = await readDatapath(sandbox(), node.name);
  const all = flows.flatMap(flow => Array.from({ length: times }, () => ({ ...flow, timeoutMilliseconds })));
  const answers = await requests(sandbox(), all, { patienceMilliseconds: 20 });
  const got = flows.map((_, index) =>
    [...new Set(answers.slice(index * times, (index + 1) * times).map(outcomeOf))].sort(),
  );
  const names = {
    server: (address: string) =>
      address === '10.244.2.2' ? 'remote' : address.startsWith(node.pods) ? `web-${node.name}` : node.name,
    source: (address: string) => address,
  };
  const said = flows.map(flow => outcomesOf(explained(datapath, flow), names));
  const table = (outcomes: readonly (readonly string[])[]) =>
    Object.fromEntries(flows.map((flow, index) => [titleOf(flow), outcomes[index] ?? []]));
  expect(table(said)).toEqual(table(got));
  return table(got);
}

/** What ufw lets in. */
const openPort = ':80';

const isServed = (outcomes: readonly string[]): boolean => outcomes.every(outcome => outcome.includes(' saw '));

describe.each(nodes.map(node => [node.name, node] as const))('on a node with the network %s', (_, node) => {
  beforeAll(() => prepareNode(sandbox(), node), bootMilliseconds);

  test(
    'explain says what every packet gets, and every client is served where it may be',
    async () => {
      const got = Object.entries(await compare(node));
      const open = node.name === 'ufw' ? got.filter(([title]) => title.endsWith(openPort)) : got;
      expect(open.filter(([, outcomes]) => !isServed(outcomes))).toEqual([]);
    },
    bootMilliseconds,
  );

  if (node.strictly !== undefined)
    test(
      'explain says what every packet gets if the node checks sources strictly',
      async () => {
        await output(sandbox(), ['sh', '-c', node.strictly ?? ''], { namespace: node.name });
        const got = await compare(node);
        expect(Object.values(got).some(outcomes => !isServed(outcomes))).toBe(true);
      },
      bootMilliseconds,
    );
});
