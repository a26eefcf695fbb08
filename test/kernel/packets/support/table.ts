import { type Answer, type Request, requests } from '../../../../src/sandbox/network/request.js';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';

/** How often each outcome came: `{ 'web-inajob saw 10.244.1.1': 2, unanswered: 2 }`. */
export type Tally = Readonly<Record<string, number>>;

/** A name for the table and what is sent. */
export interface Flow extends Request {
  readonly name: string;
}

/**
 * `web-inajob saw 10.244.1.1`, `refused` or `unanswered`. A node without a way to an address says so only now and then, for it counts its ICMP errors: with and
 * without that word, the client goes unanswered.
 */
export function outcomeOf(answer: Answer): string {
  if (answer.outcome === 'answered') return `${answer.answeredBy} saw ${answer.seenSource}`;
  return answer.outcome === 'refused' ? 'refused' : 'unanswered';
}

function tally(answers: readonly Answer[]): Tally {
  const counts: Record<string, number> = {};
  for (const outcome of answers.map(outcomeOf)) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/**
 * Sends every flow `times` times, and tallies what each one got. The flows of one group go one after the other, so that they do not take each other's turns
 * of a node's round robin; the groups go at the same time.
 */
export async function askInTurn(
  sandbox: Sandbox,
  groups: readonly (readonly Flow[])[],
  times: number,
): Promise<Readonly<Record<string, Tally>>> {
  const tables = await Promise.all(
    groups.map(async flows => {
      const answers = await requests(sandbox, flows.flatMap(flow => Array<Request>(times).fill(flow)));
      return flows.map(({ name }, index) => [name, tally(answers.slice(index * times, (index + 1) * times))] as const);
    }),
  );
  return Object.fromEntries(tables.flat());
}
