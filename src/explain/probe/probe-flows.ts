import { messageOf } from '../../errors.js';
import { limitConcurrency } from '../../limit-concurrency.js';
import { protocolNames } from '../../net/protocol.js';
import type { NodeAccess } from '../../node/access.js';
import type { EnterNamespace } from '../../node/network-namespaces.js';
import type { Client, Flow, ProbeResult } from '../explanation.js';
import { compare, notProbed, type ProbeOutcome } from './outcome.js';

/** How packets are sent. */
export interface ProbeSetting {
  readonly node: NodeAccess;
  /** The words that start kproxy itself. */
  readonly self: readonly string[];
  /** How the network namespace with an address is entered. */
  readonly namespaces: ReadonlyMap<string, EnterNamespace>;
}

const milliseconds = 3_000;
/** Enough to reach every backend of most Services. */
const mostPackets = 8;
const concurrency = 8;

/** Sends packets as each flow's client would, and returns the flows with what became of them. */
export async function probeFlows(flows: readonly Flow[], setting: ProbeSetting): Promise<readonly Flow[]> {
  const probe = limitConcurrency(concurrency, async (flow: Flow) => ({
    ...flow,
    probe: await probeFlow(flow, setting),
  }));
  return Promise.all(flows.map(flow => probe(flow)));
}

const isPodHere = ({ kind }: Client): boolean => kind === 'pod' || kind === 'backend' || kind === 'address';

async function probeFlow(flow: Flow, { node, self, namespaces }: ProbeSetting): Promise<ProbeResult> {
  const { client, protocol, target, backends } = flow;
  if (protocol === 'SCTP') return notProbed('kproxy cannot send SCTP');
  const enter = client.kind === 'node' ? [] : namespaces.get(client.address ?? '');
  if (enter === undefined) return notProbed(whyNot(client));
  const count = Math.min(Math.max(1, backends.length), mostPackets);
  const source = client.kind === 'node' && client.address !== undefined ? [client.address] : [];
  const words = [protocolNames[protocol], target.address, String(target.port), String(milliseconds), String(count)];
  try {
    const result = await node.run({ argv: [...enter, ...self, 'send-probe', ...words, ...source] });
    const outcomes = outcomesIn(result.stdout);
    if (result.exitCode === 0 && outcomes !== undefined) return compare(flow, outcomes, milliseconds / 1000);
    return notProbed(firstLine(result.stderr) ?? `the probe ended with exit status ${result.exitCode}`);
  } catch (error) {
    return notProbed(messageOf(error));
  }
}

const whyNot = ({ kind, address }: Client): string =>
  isPodHere({ kind, address, label: '' })
    ? `no network namespace of this node has ${address}`
    : 'the client is not on this node';

const firstLine = (text: string): string | undefined => text.split('\n').find(line => line.trim() !== '');

function outcomesIn(text: string): readonly ProbeOutcome[] | undefined {
  try {
    const { outcomes } = JSON.parse(text);
    return Array.isArray(outcomes) && outcomes.every(one => typeof one === 'string') ? outcomes : undefined;
  } catch {
    return undefined;
  }
}

/** Returns a line about each flow whose packets had another fate than explained. */
export const disagreements = (flows: readonly Flow[]): readonly string[] =>
  flows.flatMap(({ target, client, clientSees, verdict, probe }) =>
    probe === undefined || probe.agrees
      ? []
      : [
          `THE PROBE DISAGREES: ${client.label} to ${target.address} port ${target.port}: ` +
            `explained as ${verdict} (${clientSees}), but the probe got: ${probe.text}`,
        ],
  );
