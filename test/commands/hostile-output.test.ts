import { describe, expect, test } from 'vitest';
import { errorText } from '../../src/cli/report.js';
import { checkObjects } from '../../src/cluster/check.js';
import { ClusterStore } from '../../src/cluster/store.js';
import { runCleanup } from '../../src/commands/cleanup.js';
import { runDiff } from '../../src/commands/diff.js';
import { runEndpoints } from '../../src/commands/endpoints.js';
import { runExplain } from '../../src/commands/explain.js';
import { runExplainPart } from '../../src/commands/explain-part.js';
import type { Io } from '../../src/commands/shared/io.js';
import type { CommandOutcome } from '../../src/commands/shared/outcome.js';
import { runSnapshot } from '../../src/commands/snapshot.js';
import { runStatus } from '../../src/commands/status.js';
import { runSync } from '../../src/commands/sync.js';
import { logSyncs } from '../../src/commands/watch/log-syncs.js';
import { KproxyError } from '../../src/errors.js';
import { parseAsked } from '../../src/explain/ask/asked.js';
import { guardedIo } from '../../src/output/guarded-io.js';
import { createLog, type LogFormat } from '../../src/output/log.js';
import { Programmer } from '../../src/sync/programmer.js';
import { fakeCluster } from '../cluster/fake-kubectl.js';
import { endpoints, pod, service } from '../cluster/objects-for-tests.js';
import { nodeObject } from '../explain/ask/support/world.js';
import { allCases } from '../support/all-cases.js';
import { type FakeNode, fakeNode } from '../support/fake-node/index.js';
import { harmlessText, hostileIn, hostileText } from '../support/hostile-characters.js';
import { outcomeOf, readingOptions } from '../support/run-command.js';
import { sync, tutorialProxy } from '../support/run-sync.js';
import { listText } from '../support/sample-objects.js';
import { withVersions } from '../support/version-answers.js';
import { sliceObject } from '../sync/support/programmed-node.js';

const good: readonly object[] = [
  service(
    'web',
    {
      type: 'LoadBalancer',
      ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 'http', nodePort: 30_080, appProtocol: 'http' }],
      externalIPs: ['198.51.100.1'],
      loadBalancerSourceRanges: ['10.0.0.0/8'],
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      externalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      clusterIPs: ['10.254.10.128'],
    },
    {
      labels: { app: 'web' },
      annotations: { 'kube-router.io/service.scheduler': 'lc' },
      uid: 'u1',
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
  ),
  { ...service('web2', { clusterIP: '10.254.10.129' }) },
  sliceObject('web', ['10.244.1.3']),
  endpoints('web2', [
    { addresses: [{ ip: '10.244.1.4', nodeName: 'inajob' }], ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] },
  ]),
  pod('a', '10.244.1.3'),
  nodeObject('inajob', '192.168.33.11'),
];

type Path = readonly (string | number)[];

/** Returns the paths of all texts of a value, and of the keys of its labels, selectors and annotations. */
function textPaths(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) =>
    textPaths(field, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** Returns a copy in which a text stands within the one at a path. */
function withText(value: unknown, [key, ...rest]: Path, text: string): unknown {
  if (key === undefined) return `${String(value).slice(0, 1)}${text}${String(value).slice(1)}`;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>;
  copy[key] = withText(copy[key], rest, text);
  return copy;
}

/** Returns everything that a command prints, through what the command line puts before the streams. */
async function printed(run: (io: Io) => Promise<CommandOutcome>, stdin: string, isPainted: boolean): Promise<string> {
  const { stdout, stderr, error } = await outcomeOf(io => run(guardedIo(io, isPainted)), stdin);
  const errors = error === undefined ? '' : `${errorText(error, 'text')}\n${errorText(error, 'json')}\n`;
  return `${stdout}${stderr}${errors}`;
}

type Runs = Readonly<Record<string, (io: Io) => Promise<CommandOutcome>>>;

const reading = { ...readingOptions, isColored: true } as const;
const syncing = {
  ...readingOptions,
  ...({ full: false, dryRun: true, script: 'steps', besideTutorial: false, sudo: false } as const),
} as const;

const explaining = {
  ...reading,
  ...{ target: 'web', asked: parseAsked('web'), client: undefined, protocol: undefined },
  ...{ isEstablished: false, isAsDesired: false, sudo: false, probeWith: undefined },
} as const;

const explainedSet = { ...reading, isAsDesired: false, kind: 'set', name: 'KUBE-CLUSTER-IP' } as const;

/** Commands whose text has colors. */
const paintedRuns = (node: FakeNode): Runs => ({
  'diff text': io => runDiff({ ...reading, output: 'text' }, node, io),
  'diff json': io => runDiff({ ...reading, output: 'json' }, node, io),
  'status text': io => runStatus({ ...reading, output: 'text' }, node, io),
  'status wide': io => runStatus({ ...reading, output: 'wide' }, node, io),
  'status json': io => runStatus({ ...reading, output: 'json' }, node, io),
  'explain text': io => runExplain({ ...explaining, form: 'text' }, node, io),
  'explain minimal': io => runExplain({ ...explaining, form: 'minimal' }, node, io),
  'explain detailed': io => runExplain({ ...explaining, form: 'detailed' }, node, io),
  'explain json': io => runExplain({ ...explaining, form: 'json' }, node, io),
  'explain html': io => runExplain({ ...explaining, form: 'html' }, node, io),
  'explain mermaid': io => runExplain({ ...explaining, form: 'mermaid' }, node, io),
  'explain set text': io => runExplainPart({ ...explainedSet, output: 'text' }, node, io),
  'explain set json': io => runExplainPart({ ...explainedSet, output: 'json' }, node, io),
});

function plainRuns(node: FakeNode): Runs {
  const { kubectl } = fakeCluster([]);
  const writing = {
    ...{ services: [], allNamespaces: true, from: ['-'], write: false, dryRun: false, kubectl, kubectlArguments: [] },
  };
  return {
    steps: io => runSync(syncing, node, io),
    batch: io => runSync({ ...syncing, script: 'batch' }, node, io),
    snapshot: io => runSnapshot('inajob', withVersions(node), io),
    'endpoints script': io => runEndpoints({ ...writing, dryRun: true }, io),
    'endpoints yaml': io => runEndpoints({ ...writing, output: 'yaml' }, io),
    'endpoints json': io => runEndpoints({ ...writing, output: 'json' }, io),
    sync: io => runSync({ ...syncing, dryRun: false }, node, io),
    cleanup: io => runCleanup({ ...cleaning, dryRun: true }, node, io),
  };
}

const cleaning = { nodeName: 'inajob', excludeCidrs: [], script: 'steps', sudo: false } as const;

/** Runs every command that prints, and returns what each printed. */
async function allOutputs(objects: readonly object[], node: FakeNode): Promise<Readonly<Record<string, string>>> {
  const text = listText(...objects);
  const results: Record<string, string> = {};
  for (const [name, run] of Object.entries(paintedRuns(node))) results[name] = await printed(run, text, true);
  for (const [name, run] of Object.entries(plainRuns(node))) results[name] = await printed(run, text, false);
  results['log text'] = await watchLog(objects, 'text', node);
  results['log json'] = await watchLog(objects, 'json', node);
  return results;
}

/** Returns what `sync --watch` logs of these objects. */
async function watchLog(objects: readonly object[], format: LogFormat, node = fakeNode()): Promise<string> {
  const lines: string[] = [];
  const log = createLog({ format, isVerbose: true, write: line => lines.push(line), now: () => new Date(0) });
  const observer = logSyncs(log, 'inajob');
  const store = new ClusterStore();
  store.replaceAll(checkObjects(objects.map(value => ({ source: 'file', value }))).cluster);
  observer.onObjects?.(store);
  const programmer = new Programmer({ namespace: undefined, allowEmpty: false, store, node, proxy: tutorialProxy });
  try {
    const result = await programmer.syncAll([]);
    observer.onSynced?.({ result, changes: [], isWhole: true, milliseconds: 1 }, store);
  } catch (error) {
    if (!(error instanceof KproxyError)) throw error;
    observer.onFailed?.(error, 500);
  }
  return lines.join('');
}

/** What a color begins or ends with. */
const colors = new RegExp(`${String.fromCodePoint(0x1b)}\\[[0-9]{1,2}m`, 'g');

/** Returns how many lines and colors each output has. */
const shapes = (results: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(results).map(([name, text]) => [name, [text.split('\n').length, text.split(colors).length]]),
  );

/** Returns the hostile characters that each output has beside colors. */
const hostileInAll = (results: Readonly<Record<string, string>>): readonly (readonly [string, readonly string[]])[] =>
  Object.entries(results)
    .map(([name, text]) => [name, hostileIn(text.replace(colors, ''))] as const)
    .filter(([, found]) => found.length > 0);

async function nodeOutOfSync(): Promise<FakeNode> {
  const node = fakeNode();
  await sync(node, { stdin: listText(...good.slice(1)) });
  return node;
}

/** The fields that may have any text, or whose text is printed as it is. */
const freeTexts =
  /annotations|selector|appProtocol|labels.app|resourceVersion|targetPort|Service metadata.name|Slice ports.0.name/;

const fields = good
  .flatMap((object, index) =>
    textPaths(object).map(path => [`${(object as { kind: string }).kind} ${path.join('.')}`, index, path] as const),
  )
  .filter(([name]) => allCases || freeTexts.test(name));

describe.each(fields)('a hostile text in the field %s', (_, index, path) => {
  const cluster = (text: string): readonly object[] =>
    good.map((object, at) => (at === index ? withText(object, path, text) : object) as object);

  test('brings no control or invisible character and no line of its own into any output', async () => {
    const hostile = await allOutputs(cluster(hostileText), await nodeOutOfSync());
    expect(hostileInAll(hostile)).toEqual([]);
    const harmless = await allOutputs(cluster(harmlessText), await nodeOutOfSync());
    expect(shapes(hostile)).toEqual(shapes(harmless));
  });
});

describe.each(['ip -d -j addr show', 'ipset save', 'iptables-save'])('hostile words of %s on its stderr', command => {
  test('are evidence in lines that cannot be taken for others', async () => {
    const node = await nodeOutOfSync();
    node.broken.set(command, { stdout: '', stderr: `failed\n${hostileText}`, exitCode: 1 });
    const outputs = await allOutputs(good, node);
    expect(hostileInAll(outputs)).toEqual([]);
    for (const text of Object.values(outputs)) expect(text).not.toMatch(/^error: forged/m);
    expect(outputs['diff text']).toContain('failed');
  });
});

test('hostile words of kubectl are evidence in lines that cannot be taken for others', async () => {
  const kubectl = async () => ({ stdout: '', stderr: `failed\n${hostileText}`, exitCode: 1 });
  const source = { from: [], namespace: undefined, kubectl };
  const text = await printed(io => runDiff({ ...reading, source, output: 'text' }, fakeNode(), io), '', true);
  expect(hostileIn(text)).toEqual([]);
  expect(text).toMatch(/^ {2}failed$/m);
  expect(text).not.toMatch(/^error: forged/m);
});
