import { globalFlags, type Options, parseOptions } from './command/flags.js';
import { errorReporter, type Io, type Session, type Verb } from './command/session.js';
import { KubectlFailure } from './failure.js';
import { defaultNamespace } from './objects/kinds.js';
import { createServer } from './server.js';
import { openStore } from './store/store.js';
import { help } from './verbs/about.js';
import { contextName } from './verbs/config.js';
import { refusalOf, verbs } from './verbs/index.js';

export interface KubectlOptions {
  readonly io: Io;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
}

/** The folder of the cluster's objects, and that of the Pods' servers. */
const storeVariable = 'KPROXY_TUTORIAL_CLUSTER';
const podsVariable = 'KPROXY_TUTORIAL_PODS';

/**
 * Runs a command of the lesson's kubectl, and returns its exit code. It is a stand-in for the real one (v1.37): the
 * objects are files, and this program does what the API server would. Only one thing is left out on purpose, the
 * warning that Endpoints are deprecated, which the real one prints with every command about them: the lesson has
 * nothing else.
 */
export async function runKubectl(argv: readonly string[], options: KubectlOptions): Promise<number> {
  const { report, hasReported, print } = errorReporter(options.io);
  try {
    const { name, verb, rest } = findVerb(argv);
    // What is refused is refused whatever its flags are.
    const isRefused = verbOf(name) === undefined;
    const parsed = parseOptions(name, isRefused ? [] : rest, [...verb.flags, ...globalFlags]);
    const session = openSession(parsed, options, report, hasReported);
    await (parsed.isOn('help') ? help : verb).run(session);
  } catch (error) {
    report(error);
  }
  if (!hasReported()) return 0;
  print();
  return 1;
}

interface Called {
  readonly name: string;
  readonly verb: Verb;
  /** All arguments except for the words that name the command. */
  readonly rest: readonly string[];
}

/** Finds the command behind flags that every command has. */
function findVerb(argv: readonly string[]): Called {
  const places = wordPlaces(argv);
  const [first, second] = places;
  if (first === undefined) return { name: 'help', verb: help, rest: argv };
  const name = argv[first] ?? '';
  const longName = second === undefined ? name : `${name} ${argv[second]}`;
  const long = verbOf(longName) ?? (second === first + 1 ? refusalOf(longName) : undefined);
  if (long !== undefined && second !== undefined) return called(longName, long, argv, [first, second]);
  const verb = verbOf(name) ?? refusalOf(name);
  if (verb === undefined) throw new KubectlFailure(`error: unknown command "${name}" for "kubectl"${suggestion(name)}`);
  return called(name, verb, argv, [first]);
}

const verbOf = (name: string): Verb | undefined => (Object.hasOwn(verbs, name) ? verbs[name] : undefined);

const called = (name: string, verb: Verb, argv: readonly string[], places: readonly number[]): Called => ({
  name,
  verb,
  rest: argv.filter((_, place) => !places.includes(place)),
});

/** Returns where the first two words stand that are neither flags nor the texts of flags. */
function wordPlaces(argv: readonly string[]): readonly number[] {
  const places: number[] = [];
  for (let place = 0; place < argv.length && places.length < 2; place++) {
    const word = argv[place] ?? '';
    if (!word.startsWith('-')) places.push(place);
    else if (takesNextWord(word)) place++;
  }
  return places;
}

const takesNextWord = (word: string): boolean =>
  globalFlags.some(({ name, short, takes }) => takes === 'text' && (word === `--${name}` || word === `-${short}`));

/** As in kubectl, at most two letters may be wrong. */
function suggestion(name: string): string {
  const near = Object.keys(verbs)
    .filter(verb => distance(name, verb) <= 2 && !verb.includes(' '))
    .sort();
  return near.length === 0 ? '' : `\n\nDid you mean this?\n${near.map(verb => `\t${verb}\n`).join('')}`;
}

/** Returns how many letters must be added, removed or replaced to make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (letter === b[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function openSession(
  parsed: Options,
  { io, environment, now }: KubectlOptions,
  report: Session['report'],
  hasReported: Session['hasReported'],
): Session {
  const folder = environment[storeVariable];
  if (folder === undefined || folder === '')
    throw new KubectlFailure(
      'error: this is the kubectl of the machines of "kproxy tutorial", and there is no cluster here. To start the ' +
        'lesson, run: kproxy tutorial',
    );
  const context = parsed.text('context') ?? contextName;
  if (context !== contextName) throw new KubectlFailure(`error: context "${context}" does not exist`);
  const podsFolder = environment[podsVariable];
  const server = createServer({ store: openStore(folder), podsFolder, now });
  const namespace = parsed.text('namespace') || defaultNamespace;
  return { server, io, environment, now: now(), namespace, options: parsed, report, hasReported };
}
