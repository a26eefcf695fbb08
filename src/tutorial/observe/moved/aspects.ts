import { type Table, table } from '../../../table.js';
import { isPlainObject } from '../../plain-object.js';
import { endpointsIn, notReadyIn } from '../endpoints.js';
import { fieldOf, leavesOf } from '../fields.js';

/** What is worth seeing of an object, as texts by name. The name of an object's main content is empty. */
export type Aspects = ReadonlyMap<string, string>;

/** Returns what is worth seeing of an object of the cluster. */
export function aspectsOf(kind: string, object: Readonly<Record<string, unknown>>): Aspects {
  const entries = (kinds[kind] ?? otherAspects)(object).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined;
  });
  return new Map(entries);
}

type AspectEntries = readonly (readonly [name: string, text: string | undefined])[];

const kinds: Table<(object: object) => AspectEntries> = table({
  service: object => [
    ['clusterIP', text(object, 'spec.clusterIP')],
    ['ports', list(object, 'spec.ports', portText)],
    ['selector', labelsText(fieldOf(object, 'spec.selector')) ?? '<none>'],
    ['labels', labelsText(fieldOf(object, 'metadata.labels'))],
  ],
  endpoints: object => [
    ['', endpointsIn(object).join(',') || '<none>'],
    ['not ready', notReadyIn(object).join(',') || undefined],
  ],
  pod: object => [
    ['labels', labelsText(fieldOf(object, 'metadata.labels'))],
    ['ready', readyText(object)],
    ['IP', text(object, 'status.podIP')],
  ],
});

const otherAspects = (object: object): AspectEntries => leavesOf(object).filter(([path]) => !isBookkeeping(path));

/** What the API server and kubectl keep for themselves. */
const isBookkeeping = (path: string): boolean => /^(apiVersion|kind|metadata\.(?!labels\.))/.test(path);

const text = (object: object, path: string): string | undefined => {
  const value = fieldOf(object, path);
  return value === undefined ? undefined : String(value);
};

function list(object: object, path: string, write: (item: object) => string): string | undefined {
  const value = fieldOf(object, path);
  return Array.isArray(value) ? value.filter(isPlainObject).map(write).join(',') : undefined;
}

/** Returns `80/TCP -> 8080`. */
function portText(port: object): string {
  const number = text(port, 'port') ?? '?';
  return `${number}/${text(port, 'protocol') ?? 'TCP'} -> ${text(port, 'targetPort') ?? number}`;
}

/** Returns `app=web`, or undefined for no labels. */
function labelsText(labels: unknown): string | undefined {
  if (!isPlainObject(labels) || Object.keys(labels).length === 0) return undefined;
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(',');
}

/** Returns the status of a Pod's condition Ready. */
function readyText(pod: object): string | undefined {
  const conditions = fieldOf(pod, 'status.conditions');
  if (!Array.isArray(conditions)) return undefined;
  const ready = conditions.find(condition => isPlainObject(condition) && condition.type === 'Ready');
  return ready === undefined ? undefined : text(ready, 'status');
}
