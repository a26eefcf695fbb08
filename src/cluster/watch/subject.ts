import { type ClusterKind, clusterKinds } from '../kinds.js';
import { listPath } from '../list-path.js';
import { type Query, type Selection, selectionQuery, withQuery } from '../selection.js';

/** What a reflector follows: the objects of a kind that the API server selects. */
export interface Subject {
  readonly kind: ClusterKind;
  /** All namespaces if undefined. */
  readonly namespace: string | undefined;
  readonly selection: Selection;
}

/** Returns the API server's name for the subject's kind: `services`. */
export const resourceOf = ({ kind }: Subject): string => clusterKinds[kind].resource;

/** Returns the path of a list or watch of the subject, with these parameters. */
export const requestPath = ({ kind, namespace, selection }: Subject, query: Query): string =>
  withQuery(listPath(kind, namespace), { ...query, ...selectionQuery(selection) });

/** Returns the command that reads the subject's objects, to say where an object comes from. */
export const sourceOf = ({ kind, namespace }: Subject): string => `kubectl get --raw ${listPath(kind, namespace)}`;
