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
  // The limit for destinations without a route, and that for everybody together, are the whole kernel's.
  await sandbox.writeFile('/proc/sys/net/ipv4/route/error_cost', '0');
  await sandbox.writeFile('/proc/sys/net/ipv4/icmp_msgs_burst', '1000000');
  await sandbox.writeFile('/proc/sys/net/ipv4/icmp_msgs_per_sec', '1000000');
}

function tally(answers: readonly Answer[]): Tally {
  const counts: Record<string, number> = {};
  for (const outcome of answers.map(outcomeOf)) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** Long enough for a packet's way to a backend even on a busy machine, so that each request has had its turn of a round robin before the next one. */
const patienceMilliseconds = 20;

/** Sends every flow `times` times, one flow after the other, and tallies what each one got. */
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
