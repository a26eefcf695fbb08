import { optionalFlag, plainFlag, textFlag } from '../command/flags.js';
import { type Manifest, readManifests } from '../command/manifests.js';
import type { Session, Verb } from '../command/session.js';
import { KubectlFailure } from '../failure.js';
import { defaultNamespace } from '../objects/kinds.js';
import type { KubeObject } from '../objects/object.js';
import { dryRunOf, writeFlags, writtenPrinter } from './written.js';

export const replace: Verb = {
  flags: [
    ...writeFlags,
    optionalFlag('validate'),
    plainFlag('save-config'),
    plainFlag('force'),
    textFlag('grace-period'),
    plainFlag('wait'),
  ],
  async run(session) {
    const { options, io, report } = session;
    if (options.texts('filename').length === 0) throw new KubectlFailure('error: must specify one of -f and -k');
    const print = writtenPrinter(session);
    for (const manifest of await readManifests(session))
      try {
        io.stdout(print({ kind: manifest.kind, object: replaceOne(session, manifest), outcome: 'replaced' }));
      } catch (error) {
        report(error, `replacing ${JSON.stringify(manifest.source)}`);
      }
  },
};

function replaceOne(session: Session, { kind, object }: Manifest): KubeObject {
  const { server, options } = session;
  const isDryRun = dryRunOf(session) !== 'none';
  const namespace = object.metadata.namespace ?? defaultNamespace;
  const isMissing = server.find(kind, namespace, object.metadata.name) === undefined;
  if (isMissing && kind.isCreatedByUpdate === true) return server.create(kind, object, { isDryRun });
  if (!options.isOn('force')) return server.update(kind, object, { isDryRun });
  server.remove(kind, namespace, object.metadata.name, { isDryRun });
  return server.create(kind, object, { isDryRun });
}
