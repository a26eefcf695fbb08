import { type Found, findObjects } from '../command/find-objects.js';
import { optionalFlag, plainFlag, textFlag } from '../command/flags.js';
import type { Session, Verb } from '../command/session.js';
import { KubectlFailure } from '../failure.js';
import type { KubeObject, Texts } from '../objects/object.js';
import { withMetadata } from '../objects/object.js';
import { valueProblem } from '../select/label-words.js';
import { dryRunOf, writeFlags, writtenPrinter } from './written.js';

/** What `label` and `annotate` differ in. */
interface Marks {
  readonly field: 'labels' | 'annotations';
  readonly noun: 'label' | 'annotation';
  /** What is printed about an object: `labeled`. The second is for one that only lost some. */
  readonly outcomes: { readonly set: string; readonly removed: string; readonly none: string };
  readonly takenText: (taken: readonly string[]) => string;
}

export const label: Verb = marksVerb({
  field: 'labels',
  noun: 'label',
  outcomes: { set: 'labeled', removed: 'unlabeled', none: 'not labeled' },
  takenText: ([first = '']) => `error: ${first}, and --overwrite is false`,
});

export const annotate: Verb = marksVerb({
  field: 'annotations',
  noun: 'annotation',
  outcomes: { set: 'annotated', removed: 'annotated', none: 'annotated' },
  takenText: taken => `error: --overwrite is false but found the following declared annotation(s): ${taken.join('; ')}`,
});

interface Change {
  readonly set: Texts;
  readonly removed: readonly string[];
}

function marksVerb(marks: Marks): Verb {
  return {
    flags: [
      ...writeFlags,
      textFlag('selector', 'l'),
      textFlag('field-selector'),
      textFlag('resource-version'),
      plainFlag('overwrite'),
      plainFlag('all'),
      plainFlag('all-namespaces', 'A'),
      plainFlag('list'),
      plainFlag('local'),
      optionalFlag('cascade'),
    ],
    async run(session) {
      const { resources, changes } = splitWords(session.options.words);
      const change = parseChanges(changes, marks);
      const isChange = changes.length > 0;
      if (!isChange && !session.options.isOn('list'))
        throw new KubectlFailure(`error: at least one ${marks.noun} update is required`);
      for (const found of await findObjects({ ...session, options: { ...session.options, words: resources } })) {
        if (isChange) changeOne(session, found, change, marks);
        if (session.options.isOn('list')) list(session, found.object, marks);
      }
    },
  };
}

/** The first word that has a `=`, or ends with a `-`, begins the changes. */
function splitWords(words: readonly string[]) {
  const isChange = (word: string, index: number) => word.includes('=') || (index > 0 && word.endsWith('-'));
  const start = words.findIndex(isChange);
  return start < 0
    ? { resources: words, changes: [] }
    : { resources: words.slice(0, start), changes: words.slice(start) };
}

function parseChanges(words: readonly string[], { noun, field }: Marks): Change {
  const set: Record<string, string> = {};
  const removed: string[] = [];
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals > 0) set[word.slice(0, equals)] = word.slice(equals + 1);
    else if (equals < 0 && word.endsWith('-')) removed.push(word.slice(0, -1));
    else throw new KubectlFailure(`error: unknown ${noun} spec: ${word}`);
    const problem = equals > 0 && field === 'labels' ? valueProblem(word.slice(equals + 1)) : undefined;
    if (problem !== undefined)
      throw new KubectlFailure(`error: invalid label value: ${JSON.stringify(word)}: ${problem}`);
  }
  if (removed.some(key => key in set))
    throw new KubectlFailure(
      `error: can not both modify and remove ${noun === 'label' ? 'a' : 'an'} ${noun} in the same command`,
    );
  return { set, removed };
}

function changeOne(session: Session, { kind, object }: Found, { set, removed }: Change, marks: Marks): void {
  const { options, server, io, report } = session;
  const old: Texts = object.metadata[marks.field] ?? {};
  const taken = Object.keys(set).filter(key => key in old && (old[key] !== set[key] || marks.noun === 'annotation'));
  try {
    if (taken.length > 0 && !options.isOn('overwrite'))
      throw new KubectlFailure(marks.takenText(taken.map(key => `'${key}' already has a value (${old[key]})`)));
    const absent = removed.filter(key => !(key in old));
    if (marks.noun === 'label') io.stdout(absent.map(key => `label "${key}" not found.\n`).join(''));
    const kept = Object.entries(old).filter(([key]) => !removed.includes(key));
    const wanted = { ...Object.fromEntries(kept), ...set };
    const changed = withMetadata(object, { [marks.field]: Object.keys(wanted).length === 0 ? undefined : wanted });
    const written = server.update(kind, changed, { isDryRun: dryRunOf(session) !== 'none' });
    io.stdout(writtenPrinter(session)({ kind, object: written, outcome: outcomeOf(old, wanted, marks) }));
  } catch (error) {
    report(error);
  }
}

function outcomeOf(old: Texts, wanted: Texts, { outcomes }: Marks): string {
  const isSet = Object.keys(wanted).some(key => wanted[key] !== old[key]);
  const isRemoved = Object.keys(old).some(key => !(key in wanted));
  return isSet ? outcomes.set : isRemoved ? outcomes.removed : outcomes.none;
}

function list({ io }: Session, object: KubeObject, { field }: Marks): void {
  const entries = Object.entries<string>(object.metadata[field] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  io.stdout(entries.map(([key, value]) => `${key}=${value}\n`).join(''));
}
