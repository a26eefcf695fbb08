import { type Answer, type Request, requests } from '../../../../src/sandbox/network/request.js';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';

/** How often each outcome came: `{ 'web-inajob saw 10.244.1.1': 2, timeout: 2 }`. */
export type Tally = Readonly<Record<string, number>>;

/** A name for the table and what is sent. */
export interface Flow extends Request {
  readonly name: string;
}

/** `web-inajob saw 10.244.1.1`, or in a word what came instead. */
export function outcomeOf(answer: Answer): string {
  if (answer.outcome === 'answered') return `${answer.answeredBy} saw ${answer.seenSource}`;
  if (answer.outcome !== 'failed') return answer.outcome;
  return ['ENETUNREACH', 'EHOSTUNREACH'].includes(answer.reason) ? 'unreachable' : answer.reason;
}

/** Without this a machine keeps most of its ICMP errors to itself, a few a second excepted, and a refusal looks like a time-out. */
export async function reportEveryError(sandbox: Sandbox, machines: readonly string[]): Promise<void> {
  const settings = ['ipv4/icmp_ratelimit', 'ipv6/icmp/ratelimit'];
  const write = (namespace: string) => (path: string) => sandbox.writeFile(`/proc/sys/net/${path}`, '0', { namespace });
  await Promise.all(machines.flatMap(machine => settings.map(write(machine))));
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
      const answers = await requests(
        sandbox,
        flows.flatMap(flow => Array<Request>(times).fill(flow)),
      );
      return flows.map(({ name }, index) => [name, tally(answers.slice(index * times, (index + 1) * times))] as const);
    }),
  );
  return Object.fromEntries(tables.flat());
}
