import { describe, expect, test } from 'vitest';
import { KproxyError } from '../../../src/errors.js';
import type { Client, Flow } from '../../../src/explain/explanation.js';
import { disagreements, probeFlows } from '../../../src/explain/probe/probe-flows.js';
import type { CommandResult, NodeAccess } from '../../../src/node/access.js';

const flow = (client: Client, more: Partial<Flow> = {}): Flow => ({
  target: { address: '10.254.10.128', port: 80, servicePort: 'default/web', kind: 'cluster IP' },
  client,
  family: 'IPv4',
  protocol: 'TCP',
  verdict: 'answered',
  clientSees: 'an answer',
  backends: [],
  cause: undefined,
  trace: { steps: [], end: { kind: 'end', verdict: 'answered', clientSees: 'an answer' } },
  ...more,
});

const done = (stdout: string): CommandResult => ({ stdout, stderr: '', exitCode: 0 });
const answered = done('{"outcomes":["answered"]}\n');

/** Returns a node on which these commands, given by their beginning, have these results. */
function nodeWith(results: Readonly<Record<string, CommandResult | KproxyError>>) {
  const commands: string[] = [];
  const node: NodeAccess = {
    run: async ({ argv }) => {
      const text = argv.join(' ');
      commands.push(text);
      const [, result] = Object.entries(results).find(([start]) => text.startsWith(start)) ?? [];
      if (result instanceof Error) throw result;
      return result ?? { stdout: '', stderr: 'unexpected', exitCode: 1 };
    },
    readFile: async () => undefined,
  };
  return { node, commands };
}

const self = ['node', 'kproxy.js'];
const namespaces = new Map([['10.244.1.9', ['nsenter', '-t', '77', '-n', '--']]]);
const thisNode: Client = { kind: 'node', label: 'this node', address: undefined };
const pod: Client = { kind: 'pod', label: 'a Pod on this node', address: '10.244.1.9' };

async function probed(one: Flow, results: Parameters<typeof nodeWith>[0]) {
  const { node, commands } = nodeWith(results);
  const [result] = await probeFlows([one], { node, self, namespaces });
  return { probe: result?.probe, commands };
}

describe('the client that sends', () => {
  test('is kproxy itself for a process of the node', async () => {
    const { probe, commands } = await probed(flow(thisNode), { 'node kproxy.js send-probe': answered });
    expect(probe).toEqual({ verdict: 'answered', text: 'answered', agrees: true });
    expect(commands).toEqual(['node kproxy.js send-probe tcp 10.254.10.128 80 3000 1']);
  });

  test('sends from the address that the user chose', async () => {
    const from = { ...thisNode, address: '192.168.33.11' };
    const { commands } = await probed(flow(from), { 'node kproxy.js send-probe': answered });
    expect(commands[0]).toBe('node kproxy.js send-probe tcp 10.254.10.128 80 3000 1 192.168.33.11');
  });

  test('is in the network namespace of the Pod', async () => {
    const { probe, commands } = await probed(flow(pod), { nsenter: answered });
    expect(probe?.agrees).toBe(true);
    expect(commands).toEqual(['nsenter -t 77 -n -- node kproxy.js send-probe tcp 10.254.10.128 80 3000 1']);
  });

  test('sends a packet for each backend', async () => {
    const backend = {
      address: '10.244.1.3',
      port: 8080,
      place: 'here',
      source: undefined,
      verdict: 'answered',
      clientSees: 'an answer',
      share: undefined,
    } as const;
    const { commands } = await probed(flow(thisNode, { backends: [backend, backend, backend] }), { node: answered });
    expect(commands[0]).toMatch(/ 3000 3$/);
  });
});

describe('a client from which nothing can be sent', () => {
  const unknown = (text: string) => ({ verdict: 'unknown', text: `not probed: ${text}`, agrees: true });

  test.each([
    [{ kind: 'outside', label: 'a machine outside', address: '192.168.33.99' }, 'the client is not on this node'],
    [{ kind: 'pod elsewhere', label: 'a Pod elsewhere', address: '10.244.2.9' }, 'the client is not on this node'],
    [{ ...pod, address: '10.244.1.8' }, 'no network namespace of this node has 10.244.1.8'],
  ] as const)('%j', async (client, text) => {
    expect((await probed(flow(client), {})).probe).toEqual(unknown(text));
  });

  test('SCTP, which Node cannot send', async () => {
    expect((await probed(flow(thisNode, { protocol: 'SCTP' }), {})).probe).toEqual(unknown('kproxy cannot send SCTP'));
  });

  test('a namespace that cannot be entered', async () => {
    const refused = { stdout: '', stderr: 'sudo: a password is required\n', exitCode: 1 };
    expect((await probed(flow(thisNode), { node: refused })).probe).toEqual(unknown('sudo: a password is required'));
    const missing = new KproxyError({ code: 'tool-missing', message: 'nsenter is not installed' });
    expect((await probed(flow(thisNode), { node: missing })).probe).toEqual(unknown('nsenter is not installed'));
  });

  test('a probe that prints nothing of use', async () => {
    for (const text of ['', 'nonsense', '{}', '{"outcomes":[1]}'])
      expect((await probed(flow(thisNode), { node: done(text) })).probe).toEqual(
        unknown('the probe ended with exit status 0'),
      );
  });
});

test('a difference is said with both, and agreement is not', async () => {
  const refused = done('{"outcomes":["ECONNREFUSED"]}');
  const { node } = nodeWith({ node: refused });
  expect(disagreements(await probeFlows([flow(thisNode)], { node, self, namespaces }))).toEqual([
    'THE PROBE DISAGREES: this node to 10.254.10.128 port 80: explained as answered (an answer), ' +
      'but the probe got: Connection refused',
  ]);
  const { node: fine } = nodeWith({ node: answered });
  expect(disagreements(await probeFlows([flow(thisNode)], { node: fine, self, namespaces }))).toEqual([]);
});
