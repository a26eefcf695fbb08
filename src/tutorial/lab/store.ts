import { createHash } from 'node:crypto';
import type { PlainObject } from '../plain-object.js';

/** The Pods and Nodes are older than the lesson. */
const ageMilliseconds = 12 * 24 * 60 * 60 * 1_000;

/** Returns the name and the content of an object's file in the store of the stand-in for kubectl. */
export function storedObject(object: PlainObject, now: number): readonly [string, string] {
  const kind = String(object.kind).toLowerCase();
  const metadata = object.metadata as PlainObject;
  const stored = {
    ...object,
    metadata: {
      ...metadata,
      ...(kind !== 'node' && { namespace: 'default' }),
      creationTimestamp: new Date(now - ageMilliseconds).toISOString().replace(/\.\d+Z$/, 'Z'),
      resourceVersion: '1',
      uid: uidOf(`${kind}/${String(metadata.name)}`),
    },
  };
  return [`${kind}.${String(metadata.name)}.json`, `${JSON.stringify(stored, null, 2)}\n`];
}

/** Returns the same unique id for a name each time. */
function uidOf(name: string): string {
  const digits = createHash('sha256').update(name).digest('hex');
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-');
}
