import { KubectlFailure } from '../failure.js';
import { type Kind, kindCalled, kinds } from '../objects/kinds.js';

/** What the words of a command line are about. */
export type Asked =
  | { readonly is: 'lists'; readonly kinds: readonly Kind[] }
  | { readonly is: 'objects'; readonly objects: readonly AskedObject[] };

interface AskedObject {
  readonly kind: Kind;
  readonly name: string;
}

/**
 * Reads the words after a command: `pods`, `svc,ep web-service`, `pod/web-inajob service/web-service`. No words at all
 * ask for no list.
 * @throws KubectlFailure
 */
export function askedOf(words: readonly string[]): Asked {
  if (words.some(word => word.includes('/'))) return { is: 'objects', objects: slashObjects(words) };
  const [first, ...names] = words;
  if (first === undefined) return { is: 'lists', kinds: [] };
  const asked = first
    .split(',')
    .filter(word => word !== '')
    .flatMap(kindsOf);
  if (names.length === 0) return { is: 'lists', kinds: asked };
  return { is: 'objects', objects: asked.flatMap(kind => names.map(name => ({ kind, name }))) };
}

const kindsOf = (word: string): readonly Kind[] =>
  word.toLowerCase() === 'all' ? kinds.filter(({ isInAll }) => isInAll === true) : [requireKind(word)];

/** @throws KubectlFailure if there is no such kind */
function requireKind(word: string): Kind {
  const kind = kindCalled(word);
  if (kind === undefined) throw new KubectlFailure(`error: the server doesn't have a resource type "${word}"`);
  return kind;
}

function slashObjects(words: readonly string[]): readonly AskedObject[] {
  return words.map(word => {
    const [type = '', name, ...more] = word.split('/');
    if (name === undefined)
      throw new KubectlFailure(
        'error: there is no need to specify a resource type as a separate argument when passing arguments in ' +
          "resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource " +
          "resource/<resource_name>'",
      );
    if (type === '' || name === '' || more.length > 0)
      throw new KubectlFailure('error: arguments in resource/name form must have a single resource and name');
    return { kind: requireKind(type), name };
  });
}
