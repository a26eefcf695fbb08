import { addressAndPort } from '../../net/address.js';
import type { BackendResult, Flow } from '../explanation.js';
import type { Verdict } from '../trace/trace.js';
import { clientSource } from './words.js';

/** What becomes of a client's packets: all that get a verdict, and reach a backend with a source. */
export interface Outcome {
  readonly verdict: Verdict;
  /** `10.244.1.3:8080`, `10.244.1.3:8080 +4`, or undefined if no backend gets the packet. */
  readonly backend: string | undefined;
  /** The source that the backend sees. */
  readonly sees: string | undefined;
}

/** A kind of client in the matrix. */
export interface MatrixRow {
  /** `Pod on this node`. */
  readonly client: string;
  readonly source: string;
  /** At least one. The first has the verdict of the flow. */
  readonly outcomes: readonly Outcome[];
  /** The number of the row's cause below the matrix. */
  readonly note: number | undefined;
}

/** So many backends that are treated alike have a line each. */
const mostNamed = 3;

export const matrixRow = (flow: Flow, note: number | undefined): MatrixRow => ({
  client: flow.client.label.replace(/^an? /, ''),
  source: clientSource(flow) ?? '-',
  outcomes: outcomesOf(flow),
  note,
});

/** Returns what becomes of a flow's packets, those with the flow's verdict first. Never empty. */
export function outcomesOf({ backends, verdict }: Flow): readonly Outcome[] {
  const outcomes = groupsOf(backends).flatMap(group => outcomesOfGroup(group));
  const worst = outcomes.filter(outcome => outcome.verdict === verdict);
  const others = outcomes.filter(outcome => outcome.verdict !== verdict);
  return worst.length === 0 ? [{ verdict, backend: undefined, sees: undefined }, ...others] : [...worst, ...others];
}

/** Returns the backends with equal verdicts that see the same source. */
function groupsOf(backends: readonly BackendResult[]): readonly (readonly BackendResult[])[] {
  const groups = new Map<string, BackendResult[]>();
  for (const backend of backends) {
    const key = `${backend.verdict} ${backend.source}`;
    groups.set(key, [...(groups.get(key) ?? []), backend]);
  }
  return [...groups.values()];
}

function outcomesOfGroup(group: readonly BackendResult[]): readonly Outcome[] {
  const named = group.length <= mostNamed ? group : group.slice(0, 1);
  const more = group.length - named.length;
  return named.map(({ address, port, verdict, source }) => ({
    verdict,
    backend: `${addressAndPort(address, port)}${more === 0 ? '' : ` +${more}`}`,
    sees: source,
  }));
}
