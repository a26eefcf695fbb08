import type { Explanation, Flow } from '../../../src/explain/explanation.js';
import type { Branch, Fork } from '../../../src/explain/trace/trace.js';
import { htmlSample } from './html-sample.js';

const replaced = (explanation: Explanation, pairs: Readonly<Record<string, string>>): Explanation =>
  JSON.parse(
    Object.entries(pairs).reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(explanation)),
  ) as Explanation;

/** The sample with the longest addresses that there are. */
export const longAddresses: Explanation = replaced(htmlSample, {
  '10.254.10.128': '2001:db8:1234:5678:9abc:def0:1234:5678',
  '10.244.1.': '2001:db8:aaaa:bbbb:cccc:dddd:eeee:111',
  '10.244.2.2': '2001:db8:aaaa:bbbb:cccc:dddd:eeee:2222',
  '192.168.33.': 'fd00:1234:5678:9abc:def0:1234:5678:33',
});

function withBranches(flow: Flow, change: (branches: readonly Branch[]) => readonly Branch[]): Flow {
  const fork = flow.trace.end as Fork;
  return { ...flow, trace: { ...flow.trace, end: { ...fork, branches: change(fork.branches) } } };
}

/** Returns a branch that ends otherwise, so that it is drawn by itself. */
const refusedBranch = (branch: Branch, port: number): Branch => ({
  ...branch,
  label: `10.244.1.${port}:8080`,
  share: undefined,
  trace: {
    steps: branch.trace.steps.slice(0, 2),
    end: { kind: 'end', verdict: 'dropped', clientSees: `no answer (timeout), ${port}` },
  },
});

const mappedFlows = (count: number): Explanation => ({
  ...htmlSample,
  flows: htmlSample.flows.map(flow =>
    flow.trace.end.kind === 'fork'
      ? withBranches(flow, branches => [
          ...branches,
          ...Array.from({ length: count }, (_, index) => refusedBranch(branches[0] as Branch, index + 100)),
        ])
      : flow,
  ),
});

/** The sample with backends that are treated in three ways. */
export const threeWays: Explanation = mappedFlows(1);
/** The sample with backends that are treated in six ways. */
export const sixWays: Explanation = mappedFlows(4);

/** What would be dangerous in a page if it were not escaped. */
const hostileText = `</script></style><img src=x onerror="document.title='hurt'">'"&\u202e\u0000-->`;

/** Fields whose text comes from the node or the cluster. */
const foreignFields: ReadonlySet<string> = new Set(
  'asked node address servicePort label text argv why servicePorts set entry looked near effect failed chain summary'
    .concat(' commands nearMisses clientSees device policy takenAt source destination seenSource')
    .split(' '),
);

function withHostileText(value: unknown, isForeign: boolean): unknown {
  if (typeof value === 'string') return isForeign ? value + hostileText : value;
  if (Array.isArray(value)) return value.map(one => withHostileText(one, isForeign));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, withHostileText(one, foreignFields.has(key))]),
  );
}

/** The sample with hostile text in every name, rule, comment and reason. */
export const hostileSample = withHostileText(htmlSample, false) as Explanation;
