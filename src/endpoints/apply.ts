import { readClusterWithKubectl } from '../cluster/kubectl.js';
import type { Kubectl, KubectlResult } from '../cluster/kubectl-command.js';
import { adviceFor } from '../cluster/kubectl-error.js';
import { namespacedName } from '../cluster/names.js';
import { KproxyError } from '../errors.js';
import { plural } from '../text.js';
import { visible } from '../visible.js';
import { contentOf, isUpToDate } from './compare.js';
import type { EndpointsDecision } from './decision.js';
import { inNamespaces } from './in-namespaces.js';
import { type EndpointsWrite, manifestText } from './write.js';

interface Output {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** Writes that failed, while others may have succeeded. */
export interface WriteFailure {
  /** The objects that were not written. Undefined if the API server cannot be read either. */
  readonly names: readonly string[] | undefined;
  /** What kubectl says, or why it was killed: one line or more. */
  readonly words: string;
  /** The error of kubectl if it wrote nothing because it hung. */
  readonly hang?: KproxyError | undefined;
}

/**
 * Writes with one kubectl process for each verb (nearly always `kubectl apply -f -` alone) and prints kubectl's line
 * for each object.
 * @throws KproxyError endpoints-not-written, which names the objects that were not written, or kubectl-hangs
 */
export async function applyWrites(
  kubectl: Kubectl,
  decisions: readonly EndpointsDecision[],
  writes: readonly EndpointsWrite[],
  output: Output,
): Promise<void> {
  const failure = await tryWrites(kubectl, decisions, writes, output);
  if (failure !== undefined) throw failure.hang ?? notWrittenError(writes.length, failure);
}

/**
 * Writes as `applyWrites` does, and returns what was not written, if anything.
 * @throws KproxyError if there is no kubectl
 */
export async function tryWrites(
  kubectl: Kubectl,
  decisions: readonly EndpointsDecision[],
  writes: readonly EndpointsWrite[],
  output: Output,
): Promise<WriteFailure | undefined> {
  const runs: MaybeHanging[] = [];
  for (const verb of ['apply', 'replace', 'create'] as const) {
    const ofVerb = writes.filter(write => write.verb === verb);
    if (ofVerb.length > 0) runs.push(...(await runAll(kubectl, verb, ofVerb)));
  }
  const failures = runs.filter(({ result }) => result.exitCode !== 0);
  // An API server that hangs would let the next kubectl hang as long.
  const hang = runs.every(one => one.hang !== undefined) ? runs[0]?.hang : undefined;
  const notWritten = await notWrittenIn(kubectl, writes, failures.length > 0, hang);
  const lines = new Map(runs.flatMap(one => linesByObject(one, notWritten)));
  output.stdout(decisions.map(decision => resultLine(decision, lines, namespaceCount(decisions) > 1)).join(''));
  // What a failed kubectl prints becomes the evidence of the error.
  const successes = runs.filter(({ result }) => result.exitCode === 0);
  for (const { result } of successes) for (const line of unexpectedLines(result.stderr)) output.stderr(`${line}\n`);
  if (failures.length === 0) return undefined;
  const words = failures.flatMap(({ result }) => unexpectedLines(result.stderr));
  return { names: notWritten, words: [...new Set(words)].join('\n'), hang };
}

interface Run {
  readonly writes: readonly EndpointsWrite[];
  readonly result: KubectlResult;
}

interface MaybeHanging extends Run {
  readonly hang?: KproxyError;
}

/**
 * Writes with one process. If it hangs, writes each namespace with a process of its own: an admission webhook that does
 * not answer for one namespace must not stop the others.
 */
async function runAll(
  kubectl: Kubectl,
  verb: EndpointsWrite['verb'],
  writes: readonly EndpointsWrite[],
): Promise<readonly MaybeHanging[]> {
  const first = await run(kubectl, verb, writes);
  const byNamespace = inNamespaces(writes, ({ decision }) => decision.service);
  if (first.hang === undefined || byNamespace.size === 1) return [first];
  const runs: MaybeHanging[] = [];
  for (const ofNamespace of byNamespace.values()) runs.push(await run(kubectl, verb, ofNamespace));
  return runs;
}

/** Sends documents and not one List: for a List kubectl uses an older validation, which refuses null. */
async function run(
  kubectl: Kubectl,
  verb: EndpointsWrite['verb'],
  writes: readonly EndpointsWrite[],
): Promise<MaybeHanging> {
  try {
    const result = await kubectl([verb, '-f', '-'], writes.map(manifestText).join('---\n'));
    return { writes, result };
  } catch (error) {
    if (!(error instanceof KproxyError) || error.code !== 'kubectl-hangs') throw error;
    return { writes, result: { stdout: '', stderr: error.message, exitCode: 1 }, hang: error };
  }
}

/** Pairs kubectl's lines with the written objects by their order, or returns none if their numbers differ. */
function linesByObject(
  { writes, result }: Run,
  notWritten: readonly string[] | undefined,
): readonly (readonly [string, string])[] {
  const lines = result.stdout.trim().split('\n');
  const missing = new Set(notWritten);
  const written = writes.map(({ decision }) => keyOf(decision)).filter(name => !missing.has(name));
  return lines.length === written.length ? written.map((name, index) => [name, lines[index] ?? ''] as const) : [];
}

function resultLine(decision: EndpointsDecision, lines: ReadonlyMap<string, string>, showNamespace: boolean): string {
  if (decision.outcome === 'left alone') return '';
  const { name, namespace } = decision.service.metadata;
  const line = decision.outcome === 'unchanged' ? `endpoints/${name} unchanged` : lines.get(keyOf(decision));
  if (line === undefined) return '';
  return `${visible(line)}${showNamespace ? ` (namespace ${namespace})` : ''}\n`;
}

const keyOf = ({ service }: EndpointsDecision): string => namespacedName(service.metadata);

const namespaceCount = (decisions: readonly EndpointsDecision[]): number =>
  new Set(decisions.map(({ service }) => service.metadata.namespace)).size;

/** kubectl prints these two warnings for every Endpoints object, and the user can do nothing about them. */
const expectedWarnings =
  /^Warning: (v1 Endpoints is deprecated|resource endpoints\/\S+ is missing the kubectl\.kubernetes\.io)/;

const unexpectedLines = (stderr: string): readonly string[] =>
  stderr.split('\n').filter(line => line !== '' && !expectedWarnings.test(line));

export function notWrittenError(count: number, { names, words }: WriteFailure): KproxyError {
  const list = names === undefined ? 'unknown, as the API server cannot be read either' : names.join(', ') || 'none';
  return new KproxyError({
    message: `kubectl could not write all of ${count} Endpoints ${plural(count, 'object')}; not written: ${list}`,
    code: 'endpoints-not-written',
    evidence: words,
    advice:
      `${adviceFor(words) ?? 'Fix what kubectl reports.'} ` +
      'Then run the same command again. It skips the objects that are already written.',
  });
}

async function notWrittenIn(
  kubectl: Kubectl,
  writes: readonly EndpointsWrite[],
  hasFailed: boolean,
  hang: KproxyError | undefined,
): Promise<readonly string[] | undefined> {
  if (!hasFailed) return [];
  return hang === undefined ? outdatedObjects(kubectl, writes) : writes.map(({ decision }) => keyOf(decision));
}

/**
 * Returns the objects that the API server does not have as they should be, or undefined if it cannot be read. Reads
 * them back, because kubectl does not say in a parsable form which of them failed.
 */
async function outdatedObjects(
  kubectl: Kubectl,
  writes: readonly EndpointsWrite[],
): Promise<readonly string[] | undefined> {
  try {
    const namespaces = [...inNamespaces(writes, ({ decision }) => decision.service).keys()];
    const namespace = namespaces.length === 1 ? namespaces[0] : undefined;
    const { endpoints } = await readClusterWithKubectl(kubectl, { kinds: ['Endpoints'], namespace });
    const stored = new Map(endpoints.map(object => [namespacedName(object.metadata), object]));
    return writes.flatMap(({ decision }) => {
      const object = stored.get(keyOf(decision));
      const isWritten = object !== undefined && isUpToDate(contentOf(object), contentOf(decision.object));
      return isWritten ? [] : [keyOf(decision)];
    });
  } catch (error) {
    const isGone = error instanceof KproxyError && error.code === 'namespace-missing';
    return isGone ? writes.map(({ decision }) => keyOf(decision)) : undefined;
  }
}
