import { readClusterWithKubectl } from '../cluster/kubectl.js';
import type { Kubectl, KubectlResult } from '../cluster/kubectl-command.js';
import { namespacedName } from '../cluster/names.js';
import { KproxyError } from '../errors.js';
import { saysTheSame } from './compare.js';
import { comparable, type EndpointsVerdict } from './controller.js';
import { type EndpointsWrite, manifestText } from './write.js';

interface Output {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/**
 * Writes with one kubectl process a verb (nearly always the one of `kubectl apply -f -`) and prints a line an object in
 * kubectl's words. Throws a KproxyError (exit code 5) that names what was not written.
 */
export async function applyWrites(
  kubectl: Kubectl,
  verdicts: readonly EndpointsVerdict[],
  writes: readonly EndpointsWrite[],
  output: Output,
): Promise<void> {
  const runs: Run[] = [];
  for (const verb of ['apply', 'replace', 'create'] as const) {
    const ofVerb = writes.filter(write => write.verb === verb);
    if (ofVerb.length > 0) runs.push(await run(kubectl, verb, ofVerb));
  }
  const said = new Map(runs.flatMap(saidOf));
  output.stdout(verdicts.map(verdict => resultLine(verdict, said, namespaceCount(verdicts) > 1)).join(''));
  output.stderr(runs.map(({ result }) => otherWarnings(result.stderr)).join(''));
  const failed = runs.filter(({ result }) => result.exitCode !== 0);
  if (failed.length > 0) throw await notWritten(kubectl, writes, failed);
}

interface Run {
  readonly writes: readonly EndpointsWrite[];
  readonly result: KubectlResult;
}

/** Documents rather than one List: for a List kubectl falls back to an older check of its own, which refuses null. */
async function run(kubectl: Kubectl, verb: EndpointsWrite['verb'], writes: readonly EndpointsWrite[]): Promise<Run> {
  return { writes, result: await kubectl([verb, '-f', '-'], writes.map(manifestText).join('---\n')) };
}

/** kubectl's lines stand in the order of the objects, unless one of them failed: then nobody can tell which is whose. */
function saidOf({ writes, result }: Run): readonly (readonly [string, string])[] {
  const lines = result.stdout.trim().split('\n');
  if (lines.length !== writes.length) return [];
  return writes.map(({ verdict }, index) => [keyOf(verdict), lines[index] ?? ''] as const);
}

function resultLine(verdict: EndpointsVerdict, said: ReadonlyMap<string, string>, showNamespace: boolean): string {
  if (verdict.is === 'left alone') return '';
  const { name, namespace } = verdict.service.metadata;
  const line = verdict.is === 'unchanged' ? `endpoints/${name} unchanged` : said.get(keyOf(verdict));
  if (line === undefined) return '';
  return `${line}${showNamespace ? ` (namespace ${namespace})` : ''}\n`;
}

const keyOf = ({ service }: EndpointsVerdict): string => namespacedName(service.metadata);

const namespaceCount = (verdicts: readonly EndpointsVerdict[]): number =>
  new Set(verdicts.map(({ service }) => service.metadata.namespace)).size;

/** Two of kubectl's warnings come with every Endpoints object and tell the user nothing that could be done. */
const expectedWarnings =
  /^Warning: (v1 Endpoints is deprecated|resource endpoints\/\S+ is missing the kubectl\.kubernetes\.io)/;

const otherWarnings = (stderr: string): string =>
  stderr
    .split('\n')
    .filter(line => line !== '' && !expectedWarnings.test(line))
    .map(line => `${line}\n`)
    .join('');

/** kubectl does not say in a readable form which objects failed, so the API server is asked what it has now. */
async function notWritten(
  kubectl: Kubectl,
  writes: readonly EndpointsWrite[],
  failed: readonly Run[],
): Promise<KproxyError> {
  const names = await differingNow(kubectl, writes);
  const which = names === undefined ? 'unknown, as the API server cannot be read either' : names.join(', ') || 'none';
  return new KproxyError({
    message: `kubectl could not write all of ${writes.length} Endpoints ${writes.length === 1 ? 'object' : 'objects'}; not written: ${which}`,
    code: 'endpoints-not-written',
    evidence: failed.map(({ result }) => otherWarnings(result.stderr).trim()).join('\n'),
    advice: 'mend what kubectl says and run the same again: what is written already is left as it is',
  });
}

async function differingNow(
  kubectl: Kubectl,
  writes: readonly EndpointsWrite[],
): Promise<readonly string[] | undefined> {
  try {
    const { endpoints } = await readClusterWithKubectl(kubectl, { kinds: ['Endpoints'] });
    const now = new Map(endpoints.map(object => [namespacedName(object.metadata), object]));
    return writes.flatMap(({ verdict }) => {
      const object = now.get(keyOf(verdict));
      const isWritten = object !== undefined && saysTheSame(comparable(object), comparable(verdict.object));
      return isWritten ? [] : [keyOf(verdict)];
    });
  } catch {
    return undefined;
  }
}
