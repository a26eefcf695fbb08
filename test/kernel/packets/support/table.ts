import { type Answer, type Request, requests } from '../../../../src/sandbox/network/request.js';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';

/** The count of each outcome: `{ 'web-inajob saw 10.244.1.1': 2, timeout: 2 }`. */
export type Tally = Readonly<Record<string, number>>;

/** A request, with its name in the table. */
export interface Flow extends Request {
  readonly name: string;
}

/** Returns `web-inajob saw 10.244.1.1`, or a word for a failure. */
export function outcomeOf(answer: Answer): string {
  if (answer.outcome === 'answered') return `${answer.answeredBy} saw ${answer.seenSource}`;
  if (answer.outcome !== 'failed') return answer.outcome;
  return ['ENETUNREACH', 'EHOSTUNREACH'].includes(answer.reason) ? 'unreachable' : answer.reason;
}

/** Removes the limit of a few ICMP errors a second, with which a rejection would look like a timeout. */
export async function reportEveryError(sandbox: Sandbox, machines: readonly string[]): Promise<void> {
  const settings = ['ipv4/icmp_ratelimit', 'ipv6/icmp/ratelimit'];
  const write = (namespace: string) => (path: string) => sandbox.writeFile(`/proc/sys/net/${path}`, '0', { namespace });
  await Promise.all(machines.flatMap(machine => settings.map(write(machine))));
  // The limit for destinations without a route and the global limit belong to the whole kernel.
  await sandbox.writeFile('/proc/sys/net/ipv4/route/error_cost', '0');
  await sandbox.writeFile('/proc/sys/net/ipv4/icmp_msgs_burst', '1000000');
  await sandbox.writeFile('/proc/sys/net/ipv4/icmp_msgs_per_sec', '1000000');
}

function tally(answers: readonly Answer[]): Tally {
  const counts: Record<string, number> = {};
  for (const outcome of answers.map(outcomeOf)) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/**
 * Long enough for a packet to reach a backend on a busy machine, so that each request gets its own turn of the round
 * robin.
 */
const patienceMilliseconds = 20;

/** Sends every flow `times` times, one flow after the other, and returns the tally of each. */
export async function askInTurn(
  sandbox: Sandbox,
  flows: readonly Flow[],
  times: number,
): Promise<Readonly<Record<string, Tally>>> {
  const all = flows.flatMap(flow => Array<Request>(times).fill(flow));
  const answers = await requests(sandbox, all, { patienceMilliseconds });
  const part = (index: number) => answers.slice(index * times, (index + 1) * times);
  return Object.fromEntries(flows.map(({ name }, index) => [name, tally(part(index))]));
}
