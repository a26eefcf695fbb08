import { KubectlFailure, ServerError } from '../failure.js';
import type { Kind } from '../objects/kinds.js';
import type { KubeObject } from '../objects/object.js';
import { readManifests } from './manifests.js';
import { askedOf } from './resources.js';
import { hasSelector, selectorOf } from './selectors.js';
import type { Session } from './session.js';

export interface Found {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/**
 * Returns the objects that a command such as `label` or `delete` is about: by their names, by a selector, by `--all`,
 * or those of files. Reports the ones that are missing.
 * @throws KubectlFailure if the command line names none
 */
export async function findObjects(session: Session): Promise<readonly Found[]> {
  const { options, server, namespace } = session;
  if (options.texts('filename').length > 0) return ofManifests(session);
  const asked = askedOf(options.words);
  if (asked.is === 'objects') {
    if (hasSelector(options)) throw new KubectlFailure('error: name cannot be provided when a selector is specified');
    return present(
      session,
      asked.objects.map(({ kind, name }) => ({ kind, name, namespace })),
    );
  }
  if (asked.kinds.length === 0)
    throw new KubectlFailure('error: You must provide one or more resources by argument or filename.');
  if (!hasSelector(options) && !options.isOn('all'))
    throw new KubectlFailure('error: resource(s) were provided, but no name was specified');
  return asked.kinds.flatMap(kind => {
    const isSelected = selectorOf(options, kind);
    return server
      .list(kind, namespace)
      .filter(isSelected)
      .map(object => ({ kind, object }));
  });
}

async function ofManifests(session: Session): Promise<readonly Found[]> {
  const manifests = await readManifests(session);
  return manifests.flatMap(({ kind, object: { metadata }, source }) =>
    present(session, [{ kind, name: metadata.name, namespace: metadata.namespace ?? session.namespace }], source),
  );
}

interface Wanted {
  readonly kind: Kind;
  readonly name: string;
  readonly namespace: string;
}

function present(session: Session, wanted: readonly Wanted[], source?: string): readonly Found[] {
  return wanted.flatMap(({ kind, name, namespace }) => {
    try {
      return [{ kind, object: session.server.get(kind, namespace, name) }];
    } catch (error) {
      if (!(session.options.isOn('ignore-not-found') && isNotFound(error)))
        session.report(error, source === undefined ? undefined : `deleting ${JSON.stringify(source)}`);
      return [];
    }
  });
}

const isNotFound = (error: unknown): boolean => error instanceof ServerError && error.reason === 'NotFound';
