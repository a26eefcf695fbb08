import { type Options, optionalFlag, plainFlag, textFlag } from '../command/flags.js';
import { readManifests } from '../command/manifests.js';
import { type Asked, askedOf } from '../command/resources.js';
import { hasSelector, selectorOf } from '../command/selectors.js';
import type { Session, Verb } from '../command/session.js';
import { KubectlFailure, ServerError } from '../failure.js';
import { valuesAt } from '../jsonpath/evaluate.js';
import { parsePath } from '../jsonpath/parse.js';
import type { Kind } from '../objects/kinds.js';
import { rawAnswer } from '../raw.js';
import { type Printer, printerOf, type Shown } from '../show/output.js';
import { type Group, tablesText } from '../show/tables/table.js';

export const get: Verb = {
  flags: [
    textFlag('output', 'o'),
    textFlag('selector', 'l'),
    textFlag('field-selector'),
    textFlag('label-columns', 'L'),
    textFlag('filename', 'f'),
    textFlag('kustomize', 'k'),
    textFlag('sort-by'),
    textFlag('raw'),
    textFlag('chunk-size'),
    plainFlag('all-namespaces', 'A'),
    plainFlag('no-headers'),
    plainFlag('show-labels'),
    plainFlag('show-kind'),
    plainFlag('show-managed-fields'),
    plainFlag('ignore-not-found'),
    plainFlag('recursive', 'R'),
    optionalFlag('server-print'),
    plainFlag('watch', 'w'),
    plainFlag('watch-only'),
  ],
  async run(session) {
    const { options, server, io } = session;
    const path = options.text('raw');
    if (path !== undefined) return io.stdout(rawAnswer(server, path));
    if (options.isOn('watch') || options.isOn('watch-only')) throw notWatched();
    const printer = printerOf(options.text('output') ?? '');
    const { groups, isList, isMixed } = await selected(session);
    if (printer === undefined) printTables(session, groups, isMixed);
    else printWith(session, printer, groups, isList);
  },
};

const notWatched = (): KubectlFailure =>
  new KubectlFailure(
    "error: this kubectl is the lesson's stand-in, and cannot watch. Run the same command again to see what has " +
      'changed.',
  );

interface Selected {
  readonly groups: readonly Group[];
  /** False if exactly one object was asked for by its name. */
  readonly isList: boolean;
  /** True if the answer is about several kinds. */
  readonly isMixed: boolean;
}

async function selected(session: Session): Promise<Selected> {
  const { options } = session;
  if (options.texts('filename').length > 0) {
    const manifests = await readManifests(session);
    const objects = manifests.map(({ kind, object }) => ({ kind, name: object.metadata.name }));
    return named(session, objects);
  }
  const asked = askedOf(options.words);
  if (asked.is === 'lists') return lists(session, asked.kinds);
  if (hasSelector(options)) throw new KubectlFailure('error: name cannot be provided when a selector is specified');
  if (options.isOn('all-namespaces'))
    throw new KubectlFailure('error: a resource cannot be retrieved by name across all namespaces');
  return named(session, asked.objects);
}

function lists({ server, namespace, options, report }: Session, kinds: readonly Kind[]): Selected {
  if (kinds.length === 0) throw nothingAsked();
  const groups = kinds.flatMap(kind => {
    try {
      const isSelected = selectorOf(options, kind);
      return [{ kind, objects: server.list(kind, scopeOf(options, namespace)).filter(isSelected) }];
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      report(error);
      return [];
    }
  });
  return { groups, isList: true, isMixed: kinds.length > 1 };
}

/** All namespaces have the objects that the one namespace has. */
const scopeOf = (options: Options, namespace: string): string =>
  options.isOn('all-namespaces') ? 'default' : namespace;

const nothingAsked = (): KubectlFailure =>
  new KubectlFailure(
    'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported ' +
      'resources.\n\nerror: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed ' +
      "description of that resource (e.g. kubectl explain pods).\nSee 'kubectl get -h' for help and examples",
  );

/** Objects of one kind that follow each other share a table. */
function named(session: Session, asked: Extract<Asked, { is: 'objects' }>['objects']): Selected {
  const { server, namespace, options, report } = session;
  const groups: { kind: Kind; objects: Shown['object'][] }[] = [];
  for (const { kind, name } of asked) {
    const object = server.find(kind, namespace, name);
    const last = groups.at(-1);
    if (object === undefined) {
      if (!options.isOn('ignore-not-found'))
        report(new ServerError('NotFound', `${kind.plural} ${JSON.stringify(name)} not found`));
    } else if (last?.kind === kind) last.objects.push(object);
    else groups.push({ kind, objects: [object] });
  }
  return { groups, isList: asked.length > 1, isMixed: new Set(groups.map(({ kind }) => kind)).size > 1 };
}

function printTables({ options, io, namespace, now }: Session, groups: readonly Group[], isMixed: boolean): void {
  const all = sortedGroups(groups, options.text('sort-by'));
  const text = tablesText(all, {
    isWide: options.text('output') === 'wide',
    hasHeaders: !options.isOn('no-headers'),
    showLabels: options.isOn('show-labels'),
    showNamespace: options.isOn('all-namespaces'),
    showKind: options.isOn('show-kind') || isMixed,
    labelColumns: options.texts('label-columns').flatMap(texts => texts.split(',')),
    now,
  });
  const isNamed = options.words.some(word => word.includes('/')) || options.words.length > 1;
  if (text !== '') io.stdout(text);
  else if (!isNamed && !options.isOn('ignore-not-found') && groups.length > 0)
    io.stderr(emptyText(groups, options, namespace));
}

function emptyText(groups: readonly Group[], options: Options, namespace: string): string {
  const isNamespaced = groups.some(({ kind }) => kind.isNamespaced) && !options.isOn('all-namespaces');
  return `No resources found${isNamespaced ? ` in ${namespace} namespace.` : ''}\n`;
}

function sortedGroups(groups: readonly Group[], path: string | undefined): readonly Group[] {
  if (path === undefined) return groups;
  const steps = parsePath(path.replace(/^\{(.*)\}$/, '$1').replace(/^(?![.[$@])/, '.'));
  const keyOf = (object: unknown) => valuesAt(steps, object, object)[0];
  const compare = (a: unknown, b: unknown) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return String(left ?? '').localeCompare(String(right ?? ''), 'en', { numeric: true });
  };
  return groups.map(({ kind, objects }) => ({ kind, objects: [...objects].sort(compare) }));
}

function printWith({ io }: Session, print: Printer, groups: readonly Group[], isList: boolean): void {
  const shown = groups.flatMap(({ kind, objects }) => objects.map(object => ({ kind, object })));
  if (shown.length > 0 || isList) io.stdout(print(shown, isList));
}
