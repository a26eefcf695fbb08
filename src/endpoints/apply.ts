import { readClusterWithKubectl } from '../cluster/kubectl.js';
import type { Kubectl, KubectlResult } from '../cluster/kubectl-command.js';
import { adviceFor } from '../cluster/kubectl-error.js';
import { namespacedName } from '../cluster/names.js';
import { KproxyError } from '../errors.js';
import { plural } from '../text.js';
import { visible } from '../visible.js';
import { contentOf, isUpToDate } from './compare.js';
import type { EndpointsDecision } from './decision.js';
import { type EndpointsWrite, manifestText } from './write.js';

interface Output {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/**
 * Writes with one kubectl process for each verb (nearly always `kubectl apply -f -` alone) and prints kubectl's line
 * for each object.
 * @throws KproxyError endpoints-not-written, which names the objects that were not written
 */
export async function applyWrites(
  kubectl: Kubectl,
  decisions: readonly EndpointsDecision[],
  writes: readonly EndpointsWrite[],
  output: Output,
): Promise<void> {
  const runs: Run[] = [];
  for (const verb of ['apply', 'replace', 'create'] as const) {
    const ofVerb = writes.filter(write => write.verb === verb);
    if (ofVerb.length > 0) runs.push(await run(kubectl, verb, ofVerb));
  }
  const lines = new Map(runs.flatMap(linesByObject));
  output.stdout(decisions.map(decision => resultLine(decision, lines, namespaceCount(decisions) > 1)).join(''));
  const failures = runs.filter(({ result }) => result.exitCode !== 0);
  // What a failed kubectl prints becomes the evidence of the error.
  const successes = runs.filter(({ result }) => result.exitCode === 0);
  for (const { result } of successes) for (const line of unexpectedLines(result.stderr)) output.stderr(`${line}\n`);
  if (failures.length > 0) throw await notWrittenError(kubectl, writes, failures);
}

interface Run {
  readonly writes: readonly EndpointsWrite[];
  readonly result: KubectlResult;
}

/** Sends documents and not one List: for a List kubectl uses an older validation, which refuses null. */
async function run(kubectl: Kubectl, verb: EndpointsWrite['verb'], writes: readonly EndpointsWrite[]): Promise<Run> {
  return { writes, result: await kubectl([verb, '-f', '-'], writes.map(manifestText).join('---\n')) };
}

/** Pairs kubectl's lines with the objects by their order, or returns none if an object failed and lines are missing. */
function linesByObject({ writes, result }: Run): readonly (readonly [string, string])[] {
  const lines = result.stdout.trim().split('\n');
  if (lines.length !== writes.length) return [];
  return writes.map(({ decision }, index) => [keyOf(decision), lines[index] ?? ''] as const);
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

/** Reads the objects back, because kubectl does not say in a parsable form which of them failed. */
async function notWrittenError(
  kubectl: Kubectl,
  writes: readonly EndpointsWrite[],
  failures: readonly Run[],
): Promise<KproxyError> {
  const names = await outdatedObjects(kubectl, writes);
  const list = names === undefined ? 'unknown, as the API server cannot be read either' : names.join(', ') || 'none';
  const count = writes.length;
  const words = [...new Set(failures.flatMap(({ result }) => unexpectedLines(result.stderr)))].join('\n');
  return new KproxyError({
    message: `kubectl could not write all of ${count} Endpoints ${plural(count, 'object')}; not written: ${list}`,
    code: 'endpoints-not-written',
    evidence: words,
    advice:
      `${adviceFor(words) ?? 'Fix what kubectl reports.'} ` +
      'Then run the same command again. It skips the objects that are already written.',
  });
}

/** Returns the objects that the API server does not have as they should be, or undefined if it cannot be read. */
async function outdatedObjects(
  kubectl: Kubectl,
  writes: readonly EndpointsWrite[],
): Promise<readonly string[] | undefined> {
  try {
    const { endpoints } = await readClusterWithKubectl(kubectl, { kinds: ['Endpoints'] });
    const stored = new Map(endpoints.map(object => [namespacedName(object.metadata), object]));
    return writes.flatMap(({ decision }) => {
      const object = stored.get(keyOf(decision));
      const isWritten = object !== undefined && isUpToDate(contentOf(object), contentOf(decision.object));
      return isWritten ? [] : [keyOf(decision)];
    });
  } catch {
    return undefined;
  }
}
