import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explanationJson } from '../../../../src/explain/draw/json/json.js';
import type { Cause, Explanation, Flow } from '../../../../src/explain/explanation.js';
import type { BackendChoice, Blame } from '../../../../src/explain/trace/trace.js';
import { explanationOf, widened } from '../../support/drawings.js';
import {
  answeredFlow,
  clients,
  missingEntry,
  outsideFlow,
  rejectedOutsideFlow,
  rejectingRule,
  sampleExplanation,
} from '../../support/sample-explanation.js';

type Json = unknown;
type JsonObject = Readonly<Record<string, Json>>;

const documentOf = (explanation: Explanation): JsonObject => JSON.parse(explanationJson(explanation)) as JsonObject;
const flowOf = (flow: Flow): JsonObject => (documentOf(explanationOf(flow)).flows as readonly JsonObject[])[0] ?? {};

const virtualServer = { protocol: 'TCP', address: 'fd00::1', port: 80 } as const;
const blames: readonly Cause['blame'][] = [
  rejectingRule,
  { part: 'policy', family: 'IPv4', table: 'filter', chain: 'FORWARD', policy: 'DROP' },
  { part: 'sysctl', name: 'net/ipv4/ip_forward', value: '0', needed: '1', why: 'a' },
  { part: 'route', to: '10.0.0.1', why: 'a' },
  { part: 'virtual server', server: virtualServer, why: 'a' },
  { part: 'socket', address: '10.0.0.1', port: 80, why: 'a' },
  { part: 'source', source: '10.0.0.1', why: 'a' },
  { part: 'hairpin', port: 'veth1', why: 'a' },
  { part: 'link', link: 'eth0', why: 'a' },
  { part: 'change', change: 'a' },
  { part: 'endpoints', why: 'a' },
  { part: 'unknown', why: 'a' },
];

const backends = (count: number, place: BackendChoice['place']): readonly BackendChoice[] =>
  Array.from({ length: count }, (_, index) => ({
    address: `10.${place === 'here' ? 1 : 2}.${index >> 8}.${index & 255}`,
    ...{ port: 8080, weight: 1, place },
  }));

const balancedTo = (choices: readonly BackendChoice[]): Flow =>
  answeredFlow(
    clients.outside,
    choices.map(backend => [backend, '10.244.1.1']),
  );

/** An explanation with every kind of object: every kind of step, a probe, and a cause of every part. */
const complete: Explanation = {
  ...sampleExplanation,
  flows: [
    ...sampleExplanation.flows,
    balancedTo(backends(2, 'here')),
    { ...outsideFlow, probe: { verdict: 'answered', text: 'answered', agrees: true } },
    ...blames.map((blame): Flow => ({ ...rejectedOutsideFlow, cause: { ...missingEntry, blame } })),
  ],
};

/** Returns the names of what is in backticks in the cells of a table of the README, row by row. */
function rowsOfReadme(header: string): readonly (readonly string[])[] {
  const readme = readFileSync('src/explain/README.md', 'utf8');
  const start = readme.split('\n').findIndex(line => new RegExp(`^\\| ${header} +\\|`).test(line));
  const lines = readme.split('\n').slice(start + 2);
  const rows = lines.slice(
    0,
    lines.findIndex(line => !line.startsWith('|')),
  );
  return rows.map(row => row.split(' | ').map(cell => cell.trim()));
}

const quoted = (cell = ''): readonly string[] => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name);

/** Returns `flow.target`, `backend.address`, `backend.port` …; fields of the document itself have no object. */
const documented = (): readonly string[] =>
  rowsOfReadme('field').flatMap(([cell]) => {
    const [first = '', ...others] = quoted(cell);
    const object = first.split('.')[0] ?? '';
    return [first, ...others.map(name => `${object}${name}`)];
  });

/** The object that a field holds, or that its list holds. */
const objects: Readonly<Record<string, string>> = {
  flows: 'flow',
  backends: 'backend',
  cause: 'cause',
  probe: 'probe',
  ends: 'ends',
  before: 'ends',
  rules: 'rule',
  because: 'because',
  candidates: 'candidate',
  branches: 'branch',
  alike: 'alike',
  backend: 'candidate',
};
const ofEveryStep = ['kind', 'way', 'ends'];
const ofEveryCause = ['summary', 'why', 'commands', 'nearMisses', 'part'];

/** Yields the name of each field in a document, with the name of the object that has it. */
function* fieldsOf(value: JsonObject, object: string): Generator<string> {
  for (const [name, field] of Object.entries(value)) {
    if (object === 'cause' && !ofEveryCause.includes(name)) continue;
    const owner = object.startsWith('step ') ? (ofEveryStep.includes(name) ? 'step' : object.slice(5)) : object;
    yield owner === '' ? name : `${owner}.${name}`;
    for (const item of Array.isArray(field) ? (field as readonly Json[]) : [field]) {
      if (typeof item !== 'object' || item === null || name === 'blame') continue;
      yield* fieldsOf(item as JsonObject, objectIn(name, item as JsonObject));
    }
  }
}

function objectIn(field: string, value: JsonObject): string {
  if (field === 'steps') return `step ${value.kind}`;
  return objects[field] ?? field;
}

describe('the JSON of an explanation', () => {
  test('has the fields that the README documents, and no others', () => {
    expect([...new Set(fieldsOf(documentOf(complete), ''))].sort()).toEqual([...documented()].sort());
  });

  test('has the same fields in every object of a kind', () => {
    const kinds = new Map<string, string>();
    const compare = (value: JsonObject, object: string): void => {
      const names = Object.keys(value)
        .filter(name => object !== 'cause' || ofEveryCause.includes(name))
        .join();
      if (object !== 'blame') expect(names, object).toBe(kinds.get(object) ?? names);
      kinds.set(object, names);
      for (const [name, field] of Object.entries(value))
        for (const item of Array.isArray(field) ? (field as readonly Json[]) : [field])
          if (typeof item === 'object' && item !== null)
            compare(item as JsonObject, objectIn(name, item as JsonObject));
    };
    compare(documentOf(complete), 'document');
    expect(kinds.size).toBeGreaterThan(15);
  });

  test('has the fields of each part that can be to blame', () => {
    const rows = rowsOfReadme('part +\\| fields');
    const inReadme = Object.fromEntries(rows.map(([part, fields]) => [quoted(part)[0], [...quoted(fields)].sort()]));
    const printed = Object.fromEntries(
      blames.map(blame => {
        const cause = flowOf({ ...rejectedOutsideFlow, cause: { ...missingEntry, blame } }).cause as JsonObject;
        const names = Object.keys(cause).filter(name => !ofEveryCause.includes(name));
        return [blame.part, names.sort()];
      }),
    );
    expect(printed).toEqual(inReadme);
  });

  test('of an answered flow says who answers and which source each backend saw', () => {
    const { steps, ...flow } = flowOf(outsideFlow);
    expect(steps).toHaveLength(6);
    const clientSees = 'an answer from 10.254.10.128:80';
    expect(flow).toEqual({
      target: '10.254.10.128:80',
      targetKind: 'cluster IP',
      servicePort: 'default/web-service:http',
      family: 'IPv4',
      protocol: 'tcp',
      client: 'a machine outside',
      clientKind: 'outside',
      clientAddress: '192.168.33.99',
      verdict: 'answered',
      clientSees,
      backends: [
        {
          ...{ address: '10.244.1.3', port: 8080, place: 'here' },
          ...{ source: '10.244.1.1', verdict: 'answered', clientSees, share: 0.5 },
        },
        {
          ...{ address: '10.244.2.2', port: 8080, place: 'elsewhere' },
          ...{ source: '192.168.33.11', verdict: 'answered', clientSees, share: 0.5 },
        },
      ],
      cause: null,
      probe: null,
    });
  });

  test('of a failed flow has its cause, with the rule', () => {
    expect(flowOf({ ...rejectedOutsideFlow, cause: { ...missingEntry, blame: rejectingRule } }).cause).toMatchObject({
      summary: missingEntry.summary,
      commands: missingEntry.commands,
      nearMisses: missingEntry.nearMisses,
      ...{ part: 'rule', table: 'filter', chain: 'KUBE-IPVS-FILTER', number: 2 },
    });
  });

  test('has the steps as a tree, which ends with a fork or an end', () => {
    const steps = flowOf(outsideFlow).steps as readonly JsonObject[];
    expect(steps.map(({ kind, way }) => [kind, way])).toEqual([
      ['arrival', 'there'],
      ['table', 'there'],
      ['routing', 'there'],
      ['table', 'there'],
      ['ipvs', 'there'],
      ['fork', undefined],
    ]);
    const branches = steps.at(-1)?.branches as readonly JsonObject[];
    expect(branches.map(({ label }) => label)).toEqual(['10.244.1.3:8080', '10.244.2.2:8080']);
    const [first = {}] = branches;
    const last = (first.steps as readonly JsonObject[]).at(-1);
    expect(last).toMatchObject({ kind: 'end', verdict: 'answered', seenSource: '10.244.1.1', blame: null });
  });

  test('has the steps of backends that are treated alike once', () => {
    const text = explanationJson(
      explanationOf(balancedTo([...backends(1000, 'elsewhere'), ...backends(1000, 'here')])),
    );
    expect(text.length).toBeLessThan(2_500_000);
    const [flow] = JSON.parse(text).flows;
    expect(flow.backends).toHaveLength(2000);
    const branches = flow.steps.at(-1).branches as readonly { alike: readonly JsonObject[] }[];
    expect(branches.map(({ alike }) => alike.length)).toEqual([999, 999]);
    expect(branches[1]?.alike[0]).toEqual({
      label: '10.1.0.1:8080',
      share: 1 / 2000,
      backend: { address: '10.1.0.1', port: 8080, weight: 1, place: 'here' },
    });
  });

  test('writes addresses of IPv6 with a port as URLs have them', () => {
    const blame: Blame = { part: 'virtual server', server: virtualServer, why: 'it is missing' };
    expect(flowOf({ ...rejectedOutsideFlow, cause: { ...missingEntry, blame } }).cause).toMatchObject({
      server: '[fd00::1]:80',
      near: null,
    });
    expect((documentOf(widened(sampleExplanation)).flows as readonly JsonObject[])[0]?.target).toBe(
      '[fd00:1000:2000:3000:4000:5000:6000:7001]:80',
    );
  });

  test('has the time of a snapshot', () => {
    const basis = { kind: 'snapshot', takenAt: '2026-11-30T08:00:00Z' } as const;
    expect(documentOf({ ...sampleExplanation, basis })).toMatchObject({ basis: 'snapshot', takenAt: basis.takenAt });
  });

  test('keeps texts as they are, but sends no control character to a terminal', () => {
    const asked = '\u001b[2J\u009b\u202e"';
    const text = explanationJson({ ...sampleExplanation, asked });
    expect((JSON.parse(text) as JsonObject).asked).toBe(asked);
    expect(text).toContain('"asked": "\\u001b[2J\\u009b\\u202e\\""');
  });
});
