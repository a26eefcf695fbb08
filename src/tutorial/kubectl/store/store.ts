import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubectlFailure } from '../failure.js';
import { defaultNamespace, type Kind, namespaces } from '../objects/kinds.js';
import type { KubeObject } from '../objects/object.js';
import { locked } from './lock.js';

/** The objects of the cluster, one file each: `service.web-service.json`. */
export interface Store {
  /** Returns the objects of a kind in the order of their names. */
  list(kind: Kind): readonly KubeObject[];
  get(kind: Kind, name: string): KubeObject | undefined;
  /** Writes an object with the next resource version and returns it so. Only inside of `change`. */
  put(kind: Kind, object: KubeObject): KubeObject;
  /** Removes an object. Only inside of `change`. */
  remove(kind: Kind, name: string): void;
  /** Does some work while no other process changes the objects. */
  change<Result>(work: () => Result): Result;
  /** The version of the whole cluster. */
  resourceVersion(): string;
}

/** The name begins with a dot, so that it is no object's. */
const versionFile = '.resource-version';

export function openStore(folder: string): Store {
  const pathOf = (kind: Kind, name: string) => join(folder, fileName(kind, name));
  const version = () => Number(readIfPresent(join(folder, versionFile)) ?? '1');
  return {
    list(kind) {
      if (kind === namespaces) return [defaultNamespaceOf(folder)];
      const prefix = `${kind.name.toLowerCase()}.`;
      const files = namesIn(folder).filter(name => name.startsWith(prefix) && name.endsWith('.json'));
      const objects = files.map(file => readObject(join(folder, file))).filter(object => object !== undefined);
      return objects.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    },
    get(kind, name) {
      if (kind === namespaces) return name === defaultNamespace ? defaultNamespaceOf(folder) : undefined;
      // A name that no object can have must not lead to another folder.
      if (!/^[a-z0-9][-a-z0-9.]*$/.test(name)) return undefined;
      return readObject(pathOf(kind, name));
    },
    put(kind, object) {
      const resourceVersion = String(version() + 1);
      const stored = { ...object, metadata: { ...object.metadata, resourceVersion } };
      replaceFile(join(folder, versionFile), resourceVersion);
      replaceFile(pathOf(kind, object.metadata.name), `${JSON.stringify(stored, null, 2)}\n`);
      return stored;
    },
    remove(kind, name) {
      replaceFile(join(folder, versionFile), String(version() + 1));
      rmSync(pathOf(kind, name), { force: true });
    },
    change(work) {
      mkdirSync(folder, { recursive: true });
      return locked(join(folder, '.lock'), work);
    },
    resourceVersion: () => String(version()),
  };
}

const fileName = ({ name: kind }: Kind, name: string): string => `${kind.toLowerCase()}.${name}.json`;

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Returns the object of a file, or undefined if there is no such file. Fills in what an API server would have set, if
 * the object was written without one.
 */
function readObject(path: string): KubeObject | undefined {
  const text = readIfPresent(path);
  if (text === undefined) return undefined;
  try {
    const object = JSON.parse(text) as KubeObject;
    const creationTimestamp = object.metadata.creationTimestamp ?? timestamp(statSync(path).mtime);
    const resourceVersion = object.metadata.resourceVersion ?? '1';
    return { ...object, metadata: { ...object.metadata, creationTimestamp, resourceVersion } };
  } catch (error) {
    throw new KubectlFailure(`error: ${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

const defaultNamespaceOf = (folder: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: defaultNamespace,
    creationTimestamp: timestamp(statSync(folder, { throwIfNoEntry: false })?.birthtime ?? new Date(0)),
    labels: { 'kubernetes.io/metadata.name': defaultNamespace },
    resourceVersion: '1',
  },
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Active' },
});

/** Returns a time as the API server writes it, without milliseconds. */
export const timestamp = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

/** Replaces a file at once: a reader finds the old or the new content. */
function replaceFile(path: string, content: string): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}
