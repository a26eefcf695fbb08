import { randomUUID } from 'node:crypto';
import { invalid, KubectlFailure, notFound, ServerError } from './failure.js';
import { defaultNamespace, type Kind, pods } from './objects/kinds.js';
import { isEqual, type KubeObject, withMetadata, withoutNulls } from './objects/object.js';
import { withReadiness } from './store/readiness.js';
import { type Store, timestamp } from './store/store.js';
import { metadataProblems } from './write/check-metadata.js';
import { decode, pruned } from './write/decode.js';
import { rulesOf } from './write/rules.js';
import { shapes } from './write/shapes.js';

/** What an API server does, on the objects of a store. */
export interface Server {
  /** Returns the objects in the order of their names. Other namespaces than `default` have none. */
  list(kind: Kind, namespace: string): readonly KubeObject[];
  /** @throws ServerError NotFound */
  get(kind: Kind, namespace: string, name: string): KubeObject;
  find(kind: Kind, namespace: string, name: string): KubeObject | undefined;
  /** @throws ServerError if the object is refused */
  create(kind: Kind, object: KubeObject, options?: WriteOptions): KubeObject;
  /**
   * Replaces an object. Returns the old one if nothing changes.
   * @throws ServerError if the object is refused
   */
  update(kind: Kind, object: KubeObject, options?: WriteOptions): KubeObject;
  /** @throws ServerError NotFound */
  remove(kind: Kind, namespace: string, name: string, options?: WriteOptions): void;
  resourceVersion(): string;
}

interface WriteOptions {
  /** True for `--dry-run=server`: everything is checked, nothing is written. */
  readonly isDryRun?: boolean;
  /** Gets the paths of fields that the kind does not have. By default they are refused. */
  readonly onUnknownFields?: (paths: readonly string[]) => void;
}

export interface ServerOptions {
  readonly store: Store;
  /** The folder of the Pods' servers: see store/readiness.ts. */
  readonly podsFolder: string | undefined;
  readonly now: () => Date;
}

export function createServer({ store, podsFolder, now }: ServerOptions): Server {
  const asReported = (kind: Kind, object: KubeObject) => (kind === pods ? withReadiness(object, podsFolder) : object);
  const isHere = (kind: Kind, namespace: string) => !kind.isNamespaced || namespace === defaultNamespace;
  const find = (kind: Kind, namespace: string, name: string) => {
    const object = isHere(kind, namespace) ? store.get(kind, name) : undefined;
    return object === undefined ? undefined : asReported(kind, object);
  };
  const othersThan = (kind: Kind, name: string) => store.list(kind).filter(({ metadata }) => metadata.name !== name);
  return {
    list: (kind, namespace) =>
      isHere(kind, namespace) ? store.list(kind).map(object => asReported(kind, object)) : [],
    find,
    get: (kind, namespace, name) => find(kind, namespace, name) ?? missing(kind, name),
    create: (kind, object, options = {}) =>
      store.change(() => {
        const written = accepted(kind, object, options);
        // An address is taken even if it is that of an object of the same name.
        const completed = complete(kind, withNewMetadata(kind, written, now()), undefined, store.list(kind));
        if (store.get(kind, nameOf(written)) !== undefined)
          throw new ServerError('AlreadyExists', `${kind.plural} "${nameOf(written)}" already exists`);
        return options.isDryRun === true ? completed : store.put(kind, completed);
      }),
    update: (kind, object, options = {}) =>
      store.change(() => {
        const written = accepted(kind, object, options);
        const old = store.get(kind, nameOf(written)) ?? missing(kind, nameOf(written));
        refuseStale(kind, written, old);
        const completed = complete(kind, withOldMetadata(written, old), old, othersThan(kind, nameOf(written)));
        if (isEqual(completed, old)) return old;
        return options.isDryRun === true ? completed : store.put(kind, completed);
      }),
    remove: (kind, namespace, name, options = {}) =>
      store.change(() => {
        if (find(kind, namespace, name) === undefined) missing(kind, name);
        refuseFixed(kind);
        if (options.isDryRun !== true) store.remove(kind, name);
      }),
    resourceVersion: store.resourceVersion,
  };
}

const nameOf = ({ metadata }: KubeObject): string => metadata.name;

function missing(kind: Kind, name: string): never {
  throw notFound(kind.plural, name);
}

function refuseFixed(kind: Kind): void {
  if (kind.isFixed === true)
    throw new KubectlFailure(`error: ${kind.plural} cannot be changed in the lesson's cluster`);
}

/** Checks what an API server checks before it looks at the values. Returns the object without fields that are null. */
function accepted(kind: Kind, object: KubeObject, { onUnknownFields }: WriteOptions): KubeObject {
  refuseFixed(kind);
  const namespace = object.metadata.namespace ?? defaultNamespace;
  if (kind.isNamespaced && namespace !== defaultNamespace) throw notFound('namespaces', namespace);
  const shape = shapes[kind.name];
  if (shape === undefined) return object;
  const { wrongType, unknown } = decode(object, shape);
  if (wrongType !== undefined) throw notDecoded(kind, wrongType);
  if (unknown.length > 0) {
    if (onUnknownFields === undefined) throw notDecoded(kind, `strict decoding error: ${unknownFieldsText(unknown)}`);
    onUnknownFields(unknown);
  }
  return withoutNulls(pruned(object, shape)) as KubeObject;
}

export const unknownFieldsText = (paths: readonly string[]): string =>
  paths.map(path => `unknown field ${JSON.stringify(path)}`).join(', ');

const notDecoded = ({ name, apiVersion }: Kind, why: string): ServerError =>
  new ServerError('BadRequest', `${name} in version "${apiVersion}" cannot be handled as a ${name}: ${why}`);

/** Fills in defaults, and checks the values. */
function complete(
  kind: Kind,
  object: KubeObject,
  old: KubeObject | undefined,
  others: readonly KubeObject[],
): KubeObject {
  const rules = rulesOf[kind.name];
  const completed = withoutNulls(rules.complete(withStatus(object, old, rules.newStatus), old, others)) as KubeObject;
  const problems = [...metadataProblems(completed.metadata), ...rules.problems(completed, old)];
  if (problems.length > 0) throw invalid(kind.name, nameOf(object), problems);
  return completed;
}

/** A status is another part's to write. */
function withStatus(
  { status, ...object }: KubeObject,
  old: KubeObject | undefined,
  newStatus: KubeObject['status'],
): KubeObject {
  const kept = old === undefined ? (newStatus ?? status) : old.status;
  return { ...(object as KubeObject), ...(kept === undefined ? {} : { status: kept }) };
}

function withNewMetadata(kind: Kind, object: KubeObject, now: Date): KubeObject {
  const { resourceVersion: _, managedFields: __, ...metadata } = object.metadata;
  const namespace = kind.isNamespaced ? { namespace: defaultNamespace } : {};
  const own = { ...namespace, creationTimestamp: timestamp(now), uid: randomUUID() };
  return { ...object, metadata: { ...metadata, ...own } };
}

/** Keeps what only the API server sets. */
function withOldMetadata(object: KubeObject, { metadata: old }: KubeObject): KubeObject {
  const own = ['namespace', 'resourceVersion', 'creationTimestamp', 'uid', 'generation'].filter(field => field in old);
  const { managedFields: _, ...metadata } = object.metadata;
  return withMetadata({ ...object, metadata }, Object.fromEntries(own.map(field => [field, old[field]])));
}

function refuseStale({ plural }: Kind, { metadata }: KubeObject, { metadata: old }: KubeObject): void {
  const { name, resourceVersion } = metadata;
  if (resourceVersion === undefined || resourceVersion === old.resourceVersion) return;
  throw new ServerError(
    'Conflict',
    `Operation cannot be fulfilled on ${plural} "${name}": the object has been modified; please apply your changes ` +
      'to the latest version and try again',
  );
}
