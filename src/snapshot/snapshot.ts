import * as z from 'zod';
import { issueLine } from '../cluster/problems.js';
import { repeatedKey } from '../cluster/repeated-key.js';
import { KproxyError, messageOf } from '../errors.js';
import { families } from '../net/address.js';
import type { NodeAccess } from '../node/access.js';
import { actualState } from '../node/actual-state.js';
import { readDatapath } from '../node/datapath/read-datapath.js';
import type { LimitFacts } from '../node/facts.js';
import { startReading } from '../node/read.js';
import { readOnce } from '../node/read-once.js';
import { elementProblems } from './check-elements.js';
import { datapathSchema } from './datapath-schema.js';
import { elementSchema } from './element-schema.js';
import { absent, address, count, prefix, prefixFits, text, word } from './fields.js';
import { savedDatapath } from './saved-datapath.js';
import { savedElements, savedTimeouts } from './saved-elements.js';
import { toolVersions } from './tool-versions.js';

/** Raised when an older kproxy can no longer read what is written. */
const snapshotVersion = 2;
/** Version 1 has no datapath. */
const versions = [1, snapshotVersion] as const;

const snapshotSchema = z.object({
  kind: z.literal('NodeSnapshot'),
  version: z.literal(versions),
  /** The node's name in the cluster, as given to the kproxy that took the snapshot. */
  node: text,
  takenAt: text,
  /** What each program prints as its version. */
  tools: z.record(text, text),
  iptablesBackend: z.enum(['default', 'nft', 'legacy']),
  kernelRelease: text.nullable(),
  localAddresses: z.array(prefixFits(z.object({ link: word, address, prefix, scope: word }))),
  /** Addresses that the node itself relies on. Snapshots of earlier releases have none. */
  relied: z.array(z.object({ address, as: z.enum(['gateway', 'resolver']) })).exactOptional(),
  /** The families that the node cannot serve. Snapshots of earlier releases have none. */
  unserved: z
    .array(z.object({ family: z.enum(['IPv4', 'IPv6']), reason: text, areRulesKnown: z.boolean() }))
    .default([]),
  /** What the limits of connections depend on. Snapshots of earlier releases have none. */
  limits: z.object({ processors: absent(count), readOnly: z.array(text) }).exactOptional(),
  /** The timeouts of IPVS in seconds. Missing if ip_vs is not loaded, and in snapshots of earlier releases. */
  ipvsTimeouts: z.object({ tcp: count, tcpFin: count, udp: count }).exactOptional(),
  remarks: z.array(text).default([]),
  elements: z.array(elementSchema),
  /** What decides about packets beside the elements. Missing in snapshots of version 1. */
  datapath: datapathSchema.optional(),
});

/**
 * A node's whole state as one JSON document: kproxy's part of it, all virtual servers, the facts that the desired
 * state depends on, and what else decides about packets: the rules of all software with the sets that they use, routes,
 * devices, kernel parameters and listening ports. It contains nothing secret.
 */
export type Snapshot = z.infer<typeof snapshotSchema>;

/**
 * Takes a snapshot of a node. Tries out both families, because nothing is known of the Services that it will be
 * compared with.
 * @throws KproxyError if the node cannot be read
 */
export async function takeSnapshot(node: NodeAccess, nodeName: string, now: Date): Promise<Snapshot> {
  const once = readOnce(node);
  const reading = startReading(once, Promise.resolve(new Set(families)), { timeouts: true });
  const [{ findings, facts, iptables, remarks }, datapath, tools] = await Promise.all([
    reading.whole,
    readDatapath(once, reading.iptables),
    toolVersions(node),
  ]);
  const actual = actualState(findings);
  const ipvsTimeouts = savedTimeouts(actual);
  return {
    kind: 'NodeSnapshot',
    version: snapshotVersion,
    node: nodeName,
    takenAt: now.toISOString(),
    tools,
    iptablesBackend: iptables,
    kernelRelease: facts.kernelRelease ?? null,
    localAddresses: facts.localAddresses.map(({ link, address, prefix, scope }) => ({ link, address, prefix, scope })),
    unserved: facts.unserved.map(({ family, reason, areRulesKnown }) => ({ family, reason, areRulesKnown })),
    remarks: [...remarks],
    ...(facts.relied === undefined ? {} : { relied: facts.relied.map(({ address, as }) => ({ address, as })) }),
    ...(facts.limits === undefined ? {} : { limits: savedLimits(facts.limits) }),
    ...(ipvsTimeouts === undefined ? {} : { ipvsTimeouts }),
    elements: savedElements(actual),
    datapath: savedDatapath(datapath),
  };
}

const savedLimits = ({ processors, readOnly }: LimitFacts) => ({ processors, readOnly: [...readOnly] });

/**
 * Parses a snapshot.
 * @throws KproxyError (`snapshot-invalid`) that names the source and the field
 */
export function parseSnapshot(json: string, source: string): Snapshot {
  const value = jsonOf(json, source);
  const result = snapshotSchema.safeParse(value);
  const problems = result.success
    ? elementProblems(result.data.elements).map(({ index, problem }) => `elements[${index}]: ${problem}`)
    : result.error.issues.map(issue => issueLine(issue, value));
  if (result.success && problems.length === 0) return result.data;
  throw notASnapshot(source, problems.slice(0, mostProblems).join('\n'));
}

const mostProblems = 5;

function jsonOf(json: string, source: string): unknown {
  const value = parsed(json, source);
  const repeated = repeatedKey(json);
  if (repeated === undefined) return value;
  const line = json.slice(0, repeated.position).split('\n').length;
  throw notASnapshot(source, `line ${line}: the key ${JSON.stringify(repeated.key)} is there twice in one object`);
}

function parsed(json: string, source: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw notASnapshot(source, messageOf(error));
  }
}

const notASnapshot = (source: string, evidence: string): KproxyError =>
  new KproxyError({
    message: `${source} is not a snapshot that this version of kproxy can read`,
    evidence,
    advice: `Take one with this version: kproxy snapshot >node.json`,
    code: 'snapshot-invalid',
  });
