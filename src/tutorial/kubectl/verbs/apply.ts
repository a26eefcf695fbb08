import { optionalFlag, plainFlag, textFlag } from '../command/flags.js';
import { type Manifest, readManifests } from '../command/manifests.js';
import type { Session, Verb } from '../command/session.js';
import { KubectlFailure } from '../failure.js';
import { fieldOf, isMapping, type KubeObject, withMetadata } from '../objects/object.js';
import { compactJson } from '../show/json.js';
import { threeWayMerge } from '../write/merge.js';
import { dryRunOf, type Written, writeFlags, writtenPrinter } from './written.js';

/** The annotation that has the manifest of the last `apply`. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export const apply: Verb = {
  flags: [
    ...writeFlags,
    textFlag('selector', 'l'),
    optionalFlag('validate'),
    plainFlag('overwrite'),
    plainFlag('wait'),
    plainFlag('force'),
    plainFlag('server-side'),
    plainFlag('prune'),
  ],
  async run(session) {
    const { options, report, io } = session;
    for (const flag of ['server-side', 'prune'])
      if (options.isOn(flag))
        throw new KubectlFailure(`error: this kubectl is the lesson's stand-in, and has no --${flag}`);
    if (options.texts('filename').length === 0 && options.text('kustomize') === undefined)
      throw new KubectlFailure('error: must specify one of -f and -k');
    const manifests = await readManifests(session);
    const print = writtenPrinter(session);
    for (const manifest of manifests)
      try {
        io.stdout(print(applyOne(session, manifest)));
      } catch (error) {
        report(error, `${exists(session, manifest) ? 'patching' : 'creating'} ${JSON.stringify(manifest.source)}`);
      }
    if (manifests.length === 0) noObjects(session);
  },
};

/** Says that there was nothing, unless each object is reported already. */
function noObjects({ hasReported }: Session): void {
  if (!hasReported()) throw new KubectlFailure('error: no objects passed to apply');
}

const exists = ({ server }: Session, { kind, object: { metadata } }: Manifest): boolean =>
  server.find(kind, metadata.namespace ?? 'default', metadata.name) !== undefined;

function applyOne(session: Session, { kind, object, source }: Manifest): Written {
  const { server, io, namespace } = session;
  const { name } = object.metadata;
  if (name === undefined || name === '') throw nameless(kind, object.metadata.namespace ?? namespace, source);
  const isDryRun = dryRunOf(session) !== 'none';
  const manifest = withLastApplied(object);
  const live = server.find(kind, object.metadata.namespace ?? 'default', name);
  if (live === undefined) return { kind, object: server.create(kind, manifest, { isDryRun }), outcome: 'created' };
  const original = originalOf(live);
  if (original === undefined) io.stderr(missingAnnotation(`${kind.plural}/${name}`));
  const { value, isChanged } = threeWayMerge(original ?? {}, manifest, live);
  if (!isChanged) return { kind, object: live, outcome: 'unchanged' };
  return { kind, object: server.update(kind, value as KubeObject, { isDryRun }), outcome: 'configured' };
}

/** Returns the manifest with a copy of itself, from which the next `apply` knows what was said before. */
function withLastApplied(object: KubeObject): KubeObject {
  const { [lastApplied]: _, ...annotations } = object.metadata.annotations ?? {};
  const copy = withMetadata(object, { annotations });
  return withMetadata(object, { annotations: { ...annotations, [lastApplied]: `${compactJson(copy)}\n` } });
}

function originalOf(live: KubeObject): unknown {
  const text = fieldOf(live, 'metadata', 'annotations', lastApplied);
  try {
    const original: unknown = typeof text === 'string' ? JSON.parse(text) : undefined;
    return isMapping(original) ? original : undefined;
  } catch {
    return undefined;
  }
}

const missingAnnotation = (resource: string): string =>
  `Warning: resource ${resource} is missing the ${lastApplied} annotation which is required by kubectl apply. ` +
  'kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or ' +
  'kubectl apply. The missing annotation will be patched automatically.\n';

function nameless({ apiVersion, plural, name: kind }: Manifest['kind'], namespace: string, source: string) {
  const group = apiVersion === 'v1' ? '/v1' : apiVersion;
  return new KubectlFailure(
    `error: error when retrieving current configuration of:\nResource: "${group}, Resource=${plural}", ` +
      `GroupVersionKind: "${group}, Kind=${kind}"\nName: "", Namespace: "${namespace}"\n` +
      `from server for: "${source}": resource name may not be empty`,
  );
}
