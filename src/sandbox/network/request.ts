import { KproxyError } from '../../errors.js';
import type { Sandbox } from '../sandbox.js';
import { requestProgram } from './request-program.js';
import type { Protocol } from './topology.js';

export interface Request {
  /** The network namespace that asks: a machine or a pod. */
  readonly from: string;
  readonly address: string;
  readonly port: number;
  /** Default: `tcp`. */
  readonly protocol?: Protocol;
  /** How long to wait for the connection, and again for the answer. Default: 2,000. */
  readonly timeoutMilliseconds?: number;
}

export type Answer =
  | {
      readonly outcome: 'answered';
      /** The name of the pod or machine. */
      readonly answeredBy: string;
      /** The client's address and port as the server saw them. */
      readonly seenSource: string;
      readonly seenPort: number;
    }
  /** ECONNREFUSED; EPERM too, which is how the kernel refuses a datagram of the node's own. */
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'timeout' }
  /** Anything else, by the name of the error number: `EHOSTUNREACH`. */
  | { readonly outcome: 'failed'; readonly reason: string };

/** Sends one request and says who answered, and which source address the server saw. */
export async function request(sandbox: Sandbox, one: Request): Promise<Answer> {
  const [answer] = await requests(sandbox, [one]);
  return answer ?? { outcome: 'failed', reason: 'nothing was sent' };
}

/** Beyond its own time-out a request takes this long at most, on an emulated processor that others use too. */
const slowestMilliseconds = 200;

/**
 * Sends requests one after the other, each on a connection of its own, all from a single process. The answers are in the same order.
 * With `patienceMilliseconds`, one that has no answer after that time does not hold up the next ones; its own time-out is as long as ever.
 */
export async function requests(
  sandbox: Sandbox,
  all: readonly Request[],
  { patienceMilliseconds }: { readonly patienceMilliseconds?: number } = {},
): Promise<readonly Answer[]> {
  const input = all.map(requestLine).join('');
  const patience = patienceMilliseconds === undefined ? [] : [String(patienceMilliseconds)];
  const { exitCode, stdout, stderr } = await sandbox.run(['perl', '-e', requestProgram, ...patience], {
    input,
    timeoutMilliseconds: 60_000 + all.length * slowestMilliseconds,
  });
  const answers = stdout.split('\n').filter(Boolean).map(parseAnswer);
  if (exitCode !== 0 || answers.length !== all.length) {
    throw new KproxyError({
      message: `the requests in the sandbox stopped after ${answers.length} of ${all.length}`,
      code: 'sandbox-failed',
      evidence: stderr.trim(),
    });
  }
  return answers;
}

/**
 * Every request has a source port of its own, above the range of node ports: IPVS and the connection tracking remember a connection for minutes, and the
 * next one from the same port would go where that one went.
 */
const sourcePorts = { first: 40_000, count: 20_000 };
let portsUsed = 0;

function nextSourcePort(): number {
  portsUsed += 1;
  return sourcePorts.first + (portsUsed % sourcePorts.count);
}

function requestLine({ from, address, port, protocol = 'tcp', timeoutMilliseconds = 2_000 }: Request): string {
  return `${from} ${nextSourcePort()} ${protocol} ${address} ${port} ${timeoutMilliseconds}\n`;
}

function parseAnswer(line: string): Answer {
  const [outcome, first = '', second = '', third = ''] = line.split(' ');
  if (outcome === 'answered') {
    return { outcome, answeredBy: first, seenSource: second, seenPort: Number(third) };
  }
  if (outcome === 'timeout') return { outcome };
  return first === 'ECONNREFUSED' || first === 'EPERM' ? { outcome: 'refused' } : { outcome: 'failed', reason: first };
}
