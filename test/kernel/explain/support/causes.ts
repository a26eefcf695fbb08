import { runExplain } from '../../../../src/commands/explain.js';
import { parseAsked } from '../../../../src/explain/ask/asked.js';
import { parseSource } from '../../../../src/explain/ask/source.js';
import type { Cause, Flow } from '../../../../src/explain/explanation.js';
import type { BackendResult } from '../../../../src/explain/trace/summarize.js';
import type { Protocol } from '../../../../src/net/protocol.js';
import type { ProxyOptions } from '../../../../src/proxy/options.js';
import { parseSnapshot } from '../../../../src/snapshot/snapshot.js';
import { fakeNode } from '../../../support/fake-node/index.js';
import { outcomeOf, readingOptions } from '../../../support/run-command.js';

/** A flow, as `kproxy explain -o json` prints it. */
export type ExplainedFlow = Pick<Flow, 'verdict' | 'clientSees'> & {
  readonly backends: readonly BackendResult[];
  readonly cause: Pick<Cause, 'summary' | 'commands'> | null;
};

/** What is asked about a snapshot of a node. */
export interface AskedOfSnapshot {
  /** The text of the snapshot. */
  readonly snapshot: string;
  /** The file with the cluster's objects. */
  readonly cluster: string;
  readonly proxy: Partial<ProxyOptions>;
}

/** Explains one client's packets to a target on a node that was read, with the command itself. */
export async function explainClient(
  { snapshot, cluster, proxy }: AskedOfSnapshot,
  target: string,
  client: string,
  protocol?: Protocol,
): Promise<ExplainedFlow> {
  const options = {
    ...readingOptions,
    source: { ...readingOptions.source, from: [cluster] },
    proxy: { ...readingOptions.proxy, ...proxy },
    snapshot: parseSnapshot(snapshot, 'the snapshot'),
    target,
    asked: parseAsked(target),
    client: parseSource(client),
    protocol,
    ...{ isEstablished: false, isAsDesired: false, sudo: false, probeWith: undefined },
    form: 'json',
  } as const;
  const { stdout, stderr } = await outcomeOf(io => runExplain(options, fakeNode(), io));
  const { flows } = JSON.parse(stdout === '' ? '{}' : stdout) as { readonly flows?: readonly ExplainedFlow[] };
  const [flow, ...others] = flows ?? [];
  if (flow === undefined || others.length > 0)
    throw new Error(`${target} from ${client} has no single flow: ${stderr}`);
  return flow;
}
