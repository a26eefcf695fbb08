import { tryParseJson } from '../../cluster/json.js';
import type { Kubectl, KubectlResult } from '../../cluster/kubectl-command.js';
import { adviceFor } from '../../cluster/kubectl-error.js';
import { readNodeNames } from '../../cluster/node-names.js';
import { isMapping, textOf } from '../../cluster/objects.js';
import { withQuery } from '../../cluster/selection.js';
import { KproxyError } from '../../errors.js';
import { visible } from '../../visible.js';
import type { AccessFact, ClusterFacts, Fact, NodeNameFact, ServerFact } from '../facts.js';
import { accessReviews, allowedIn, reviewFormat } from './access-reviews.js';
import { factOf, reasonOf, unread } from './fact.js';

interface ClusterOptions {
  readonly nodeName: string;
  readonly now: () => number;
}

/** Reads what the checks need of kubectl and the cluster, with at most six requests. */
export async function readClusterFacts(kubectl: Kubectl, options: ClusterOptions): Promise<ClusterFacts> {
  const client = await readClient(kubectl);
  const none = unread('the API server was not asked');
  const nothing = { access: none, user: none, node: none };
  if (client.isMissing) return { kubectl: client.version, isKubectlMissing: true, server: none, ...nothing };
  const known = { kubectl: client.version, isKubectlMissing: false };
  const server = await readServer(kubectl, options.now);
  if (server.is === 'unread') return { ...known, server, ...nothing };
  const [access, node] = await Promise.all([readAccess(kubectl), readNode(kubectl, options.nodeName)]);
  const isLimited = access.is === 'read' && access.value.some(({ isAllowed }) => !isAllowed);
  return { ...known, server, access, node, user: isLimited ? await readUser(kubectl) : none };
}

async function readClient(kubectl: Kubectl): Promise<{ readonly version: Fact<string>; readonly isMissing: boolean }> {
  try {
    const result = await kubectl(['version', '--client', '-o', 'json']);
    const printed = tryParseJson(result.stdout);
    const client = isMapping(printed) && isMapping(printed.clientVersion) ? printed.clientVersion : {};
    const version = textOf(client.gitVersion);
    return { version: version === '' ? unread(wordsOf(result)) : { is: 'read', value: version }, isMissing: false };
  } catch (error) {
    const isMissing = error instanceof KproxyError && error.code === 'kubectl-missing';
    return { version: unread(reasonOf(error)), isMissing };
  }
}

/** Returns the last line of what kubectl said, without the lines that `-v` adds. */
function wordsOf({ exitCode, stderr }: KubectlResult): string {
  const said = stderr.split('\n').filter(line => line.trim() !== '' && !/^(?:[IW]\d{4} |\s| >|\{|\})/.test(line));
  return said.at(-1) ?? `kubectl ended with exit status ${exitCode}`;
}

/** The header of an answer, as kubectl logs it. Its times are whole seconds. */
const dateHeader = /\bDate: (\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT)$/m;

/** Asks for the version with `-v=8`, which also prints when the API server answered. kubectl masks credentials. */
async function readServer(kubectl: Kubectl, now: () => number): Promise<ClusterFacts['server']> {
  try {
    const before = now();
    const result = await kubectl(['get', '--raw', '/version', '-v=8']);
    const answered = tryParseJson(result.stdout);
    if (result.exitCode !== 0 || !isMapping(answered)) {
      const words = wordsOf(result);
      return { ...unread(words), advice: adviceFor(words) };
    }
    const date = Date.parse(dateHeader.exec(result.stderr)?.[1] ?? '');
    return { is: 'read', value: serverFact(textOf(answered.gitVersion), { before, after: now(), date }) };
  } catch (error) {
    return { ...unread(reasonOf(error)), advice: error instanceof KproxyError ? error.advice : undefined };
  }
}

const second = 1_000;

/** The API server's time was anywhere between both readings of the clock, and up to a second after its date. */
function serverFact(
  version: string,
  { before, after, date }: { readonly before: number; readonly after: number; readonly date: number },
): ServerFact {
  if (Number.isNaN(date)) return { version, clockAhead: undefined };
  const ahead = before - (date + second);
  const behind = after - date;
  return { version, clockAhead: ahead > 0 ? ahead : Math.min(behind, 0) };
}

const readAccess = (kubectl: Kubectl): Promise<Fact<readonly AccessFact[]>> =>
  factOrWords(async () => {
    const result = await kubectl(['create', '-f', '-', '-o', reviewFormat], JSON.stringify(accessReviews));
    return allowedIn(result.stdout) ?? result;
  });

const readUser = (kubectl: Kubectl): Promise<Fact<string>> =>
  factOrWords(async () => {
    const result = await kubectl(['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}']);
    return result.exitCode === 0 && result.stdout !== '' ? result.stdout : result;
  });

/** Reads something with kubectl. A result of kubectl stands for its failure. */
async function factOrWords<Value>(read: () => Promise<Value | KubectlResult>): Promise<Fact<Value>> {
  const fact = await factOf(read);
  if (fact.is === 'unread') return fact;
  return isResult(fact.value) ? unread(wordsOf(fact.value)) : { is: 'read', value: fact.value };
}

const isResult = (value: unknown): value is KubectlResult =>
  typeof value === 'object' && value !== null && 'exitCode' in value;

/** Reads the first names of all Nodes, and this one if it is not among them. */
const readNode = (kubectl: Kubectl, name: string): Promise<Fact<NodeNameFact>> =>
  factOrWords(async () => {
    const known = await readNodeNames(kubectl);
    if (known?.names.includes(name)) return { name, isKnown: true, known };
    const path = withQuery('/api/v1/nodes', { fieldSelector: `metadata.name=${name}` });
    const result = await kubectl(['get', '--raw', path]);
    const list = result.exitCode === 0 ? tryParseJson(result.stdout) : undefined;
    if (!isMapping(list) || !Array.isArray(list.items)) return result;
    const names = { names: (known?.names ?? []).map(visible), count: known?.count ?? 0 };
    return { name, isKnown: list.items.length > 0, known: names };
  });
