import * as z from 'zod';
import { KproxyError } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import { readNode } from '../node/read.js';
import { elementSchema } from './element-schema.js';
import { toolVersions } from './tool-versions.js';

/** Raised when an older kproxy could no longer read what is written. */
const snapshotVersion = 1;

const snapshotSchema = z.object({
  kind: z.literal('NodeSnapshot'),
  version: z.literal(snapshotVersion),
  /** The name of the node, as the kproxy that took it was told. */
  node: z.string(),
  takenAt: z.string(),
  /** Program → what it says of its version. */
  tools: z.record(z.string(), z.string()),
  iptablesBackend: z.enum(['default', 'nft', 'legacy']),
  kernelRelease: z.string().nullable(),
  localAddresses: z.array(z.object({ link: z.string(), address: z.string(), prefix: z.int(), scope: z.string() })),
  elements: z.array(elementSchema),
});

/** A node's whole state as one JSON document: kproxy's part of it, all virtual servers, and the facts that desired state depends on. Nothing secret is among them. */
export type Snapshot = z.infer<typeof snapshotSchema>;

/** @throws KproxyError (exit code 4) where the node cannot be read */
export async function takeSnapshot(node: NodeAccess, nodeName: string, now: Date): Promise<Snapshot> {
  const [{ state, facts, iptables }, tools] = await Promise.all([readNode(node), toolVersions(node)]);
  return {
    kind: 'NodeSnapshot',
    version: snapshotVersion,
    node: nodeName,
    takenAt: now.toISOString(),
    tools,
    iptablesBackend: iptables,
    kernelRelease: facts.kernelRelease ?? null,
    localAddresses: [...facts.localAddresses],
    elements: [...state.values()],
  };
}

/**
 * Reads a snapshot's text.
 * @throws KproxyError (exit code 4) naming the source and the field where it is not one, or one of another version
 */
export function parseSnapshot(text: string, source: string): Snapshot {
  const result = snapshotSchema.safeParse(jsonOf(text, source));
  if (result.success) return result.data;
  throw notASnapshot(
    source,
    result.error.issues
      .slice(0, 5)
      .map(issue => `${issue.path.join('.') || 'document'}: ${issue.message}`)
      .join('\n'),
  );
}

function jsonOf(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notASnapshot(source, error instanceof Error ? error.message : String(error));
  }
}

const notASnapshot = (source: string, detail: string): KproxyError =>
  new KproxyError({
    message: `${source} is not a snapshot that this version of kproxy can read`,
    evidence: detail,
    advice: `Take one with this version: kproxy snapshot >node.json`,
    code: 'snapshot-invalid',
  });
