import { type Kind, kinds } from '../objects/kinds.js';
import type { KubeObject } from '../objects/object.js';
import type { Server } from '../server.js';

export interface ChangeEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly kind: Kind;
  readonly object: KubeObject;
}

/** What has changed in the cluster since this was created. */
export interface History {
  /** Reads the cluster, and adds what has changed. */
  refresh(): void;
  /** The version that the cluster had at the last `refresh`. */
  version(): string;
  /** Returns what has changed after a version, or undefined if the version is not one of this history. */
  after(version: string): readonly ChangeEvent[] | undefined;
}

interface Known {
  readonly kind: Kind;
  readonly object: KubeObject;
  readonly text: string;
}

/**
 * Compares whole objects: a Pod's readiness changes without a write. The versions count on from a number, so that those
 * of another history are recognized.
 */
export function createHistory(server: Server, first = Date.now() * 1_000): History {
  const changes: ChangeEvent[] = [];
  let known = readAll(server);
  return {
    refresh() {
      const read = readAll(server);
      changes.push(...differences(known, read));
      known = read;
    },
    version: () => String(first + changes.length),
    after(version) {
      const count = Number(version) - first;
      return Number.isInteger(count) && count >= 0 && count <= changes.length ? changes.slice(count) : undefined;
    },
  };
}

function readAll(server: Server): ReadonlyMap<string, Known> {
  const entries = kinds.flatMap(kind =>
    server.list(kind, 'default').map(object => {
      const key = `${kind.plural}/${object.metadata.name}`;
      return [key, { kind, object, text: JSON.stringify(object) }] as const;
    }),
  );
  return new Map(entries);
}

function differences(before: ReadonlyMap<string, Known>, after: ReadonlyMap<string, Known>): readonly ChangeEvent[] {
  const removed = [...before].filter(([key]) => !after.has(key)).map(([, { kind, object }]) => ({ kind, object }));
  const changed = [...after].filter(([key, { text }]) => before.get(key)?.text !== text);
  return [
    ...removed.map(gone => ({ type: 'DELETED', ...gone }) as const),
    ...changed.map(
      ([key, { kind, object }]) => ({ type: before.has(key) ? 'MODIFIED' : 'ADDED', kind, object }) as const,
    ),
  ];
}
