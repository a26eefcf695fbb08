import type { Kubectl } from '../../cluster/kubectl-command.js';
import { namespacedName } from '../../cluster/names.js';
import type { Service } from '../../cluster/schema/service.js';
import { notWrittenError, tryWrites, type WriteFailure } from '../../endpoints/apply.js';
import type { ChangedEndpoints } from '../../endpoints/decision.js';
import { inNamespaces } from '../../endpoints/in-namespaces.js';
import { writesOf } from '../../endpoints/write.js';
import { KproxyError } from '../../errors.js';
import type { Log } from '../../output/log.js';
import type { LoopTiming } from '../../sync/loop.js';
import { countText, someText } from '../../text.js';
import { Refusals } from './refusals.js';

/** Writes Endpoints objects for `--watch`. */
export interface EndpointsWriter {
  /**
   * Writes objects. Returns when those of all namespaces without a refused object are written; the others are written
   * beside, one process at a time for a namespace.
   * @throws KproxyError if the API server does not answer, or kubectl is missing
   */
  write(changes: readonly ChangedEndpoints[]): Promise<void>;
  /** Returns true if objects wait for another attempt. */
  hasRefused(): boolean;
  /** Returns the refused objects that are due, by namespace and name. */
  due(): readonly string[];
  /** Forgets what was refused of a Service that is gone, or whose object needs no change any more. */
  forget(name: string): void;
  /** Waits for the processes that write. Each has its limit. */
  end(): Promise<void>;
}

/**
 * Creates a writer. An object that the API server refuses (its namespace is being deleted, a quota, an admission
 * webhook, a missing permission) is tried again after a pause that doubles, and named once.
 */
export function createEndpointsWriter(kubectl: Kubectl, log: Log, timing: LoopTiming): EndpointsWriter {
  const refusals = new Refusals(timing);
  const busy = new Map<string, Promise<void>>();
  /** The objects that changed while their namespace was busy. */
  const missed = new Set<string>();
  const output = lineOutput(log);

  async function attempt(changes: readonly ChangedEndpoints[]): Promise<void> {
    if (changes.length === 0) return;
    const writes = writesOf(changes);
    const failure = await tryWrites(kubectl, changes, writes, output);
    const names = changes.map(({ service }) => nameOf(service));
    const refused = failure && refusedNames(failure, names.length);
    if (failure !== undefined && refused === undefined) throw notWrittenError(changes.length, failure);
    const news = refusals.attempted(names, refused ?? []);
    if (failure !== undefined && news.length > 0) log.warning(refusedLine(news, failure));
  }

  /** Writes objects of a namespace with refused objects. Whatever happens concerns this namespace only. */
  function attemptBeside(namespace: string, changes: readonly ChangedEndpoints[]): void {
    const names = changes.map(({ service }) => nameOf(service));
    const running = attempt(changes)
      .catch(error => {
        if (!(error instanceof KproxyError)) throw error;
        refusals.attempted(names, names);
      })
      .finally(() => busy.delete(namespace));
    busy.set(namespace, running);
  }

  return {
    async write(changes) {
      const free: ChangedEndpoints[] = [];
      for (const [namespace, ofNamespace] of inNamespaces(changes, ({ service }) => service)) {
        const ready = ofNamespace.filter(({ service }) => !refusals.isWaiting(nameOf(service)));
        const isBusy = busy.has(namespace);
        for (const { service } of ready) isBusy ? missed.add(nameOf(service)) : missed.delete(nameOf(service));
        if (isBusy || ready.length === 0) continue;
        if (refusals.hasIn(namespace)) attemptBeside(namespace, ready);
        else free.push(...ready);
      }
      await attempt(free);
    },
    hasRefused: () => refusals.size + missed.size > 0,
    due: () => [...new Set([...refusals.due(), ...missed])],
    forget: name => {
      refusals.forget(name);
      missed.delete(name);
    },
    end: async () => {
      await Promise.all(busy.values());
    },
  };
}

const nameOf = ({ metadata }: Service): string => namespacedName(metadata);

/** Words about one object: the API server's answer, or that it did not answer in time. */
const answers: readonly RegExp[] = [
  /^Error from server\b/m,
  /^The \S+ "[^"]*" is invalid/m,
  /denied the request/,
  /no answer within|Client\.Timeout|deadline exceeded/,
];

/** Returns the objects that the API server refuses, or undefined if the failure is not about single objects. */
const refusedNames = ({ names, words }: WriteFailure, count: number): readonly string[] | undefined =>
  names !== undefined && (names.length < count || answers.some(answer => answer.test(words))) ? names : undefined;

function refusedLine(names: readonly string[], { words }: WriteFailure): string {
  const [line = ''] = words.split('\n').filter(text => names.some(name => text.includes(JSON.stringify(plain(name)))));
  const text = line === '' ? (words.split('\n')[0] ?? '') : line;
  const count = countText(names.length, 'Endpoints object');
  return `${count} cannot be written and will be tried again: ${someText(names)}: ${text}`;
}

const plain = (name: string): string => name.slice(name.indexOf('/') + 1);

/** Logs kubectl's output line by line: stdout as information, stderr as warnings. */
const lineOutput = (log: Log) => {
  const eachLine = (report: (line: string) => void) => (text: string) => {
    for (const line of text.split('\n')) if (line !== '') report(line);
  };
  return { stdout: eachLine(log.info), stderr: eachLine(log.warning) };
};
