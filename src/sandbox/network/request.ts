import { KproxyError } from '../../errors.js';
import type { Sandbox } from '../sandbox.js';
import { requestProgram } from './request-program.js';
import type { Protocol } from './topology.js';

export interface Request {
  /** The network namespace of the client: a machine or a Pod. */
  readonly from: string;
  readonly address: string;
  readonly port: number;
  /** Default: `tcp`. */
  readonly protocol?: Protocol;
  /** The limit for the connection, and again for the answer. Default: 2,000. */
  readonly timeoutMilliseconds?: number;
}

export type Answer =
  | {
      readonly outcome: 'answered';
      /** The name of the Pod or machine. */
      readonly answeredBy: string;
      /** The client's address as the server saw it. */
      readonly seenSource: string;
      /** The client's port as the server saw it. */
      readonly seenPort: number;
    }
  /** ECONNREFUSED, or EPERM, with which the kernel refuses a datagram of the node itself. */
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'timeout' }
  /** Any other error, by the name of its number: `EHOSTUNREACH`. */
  | { readonly outcome: 'failed'; readonly reason: string };

/** Sends one request. Returns which server answered and which source address it saw. */
export async function request(sandbox: Sandbox, message: Request): Promise<Answer> {
  const [answer] = await requests(sandbox, [message]);
  return answer ?? { outcome: 'failed', reason: 'nothing was sent' };
}

/** The most time that a request takes beyond its own timeout on a busy, emulated processor. */
const slowestMilliseconds = 200;

/**
 * Sends requests one after the other from a single process, each on its own connection. Returns the answers in the same
 * order. With `patienceMilliseconds`, the next request is sent after that time even if the previous one has no answer
 * yet. The timeouts of the requests stay the same.
 * @throws KproxyError sandbox-failed if not every request was sent
 */
export async function requests(
  sandbox: Sandbox,
  all: readonly Request[],
  { patienceMilliseconds }: { readonly patienceMilliseconds?: number } = {},
): Promise<readonly Answer[]> {
  const input = all.map(requestLine).join('');
  const patience = patienceMilliseconds === undefined ? [] : [String(patienceMilliseconds)];
  const timeoutMilliseconds = 60_000 + all.length * slowestMilliseconds;
  const argv = ['perl', '-e', requestProgram, ...patience];
  const { exitCode, stdout, stderr, timedOut } = await sandbox.run(argv, { input, timeoutMilliseconds });
  const answers = stdout.split('\n').filter(Boolean).map(parseAnswer);
  if (exitCode !== 0 || answers.length !== all.length) {
    throw new KproxyError({
      message: `the requests in the sandbox stopped after ${answers.length} of ${all.length}`,
      code: 'sandbox-failed',
      evidence: timedOut ? `They did not end within ${timeoutMilliseconds / 1_000} s.` : stderr.trim(),
    });
  }
  return answers;
}

/**
 * The source ports, above the range of node ports. Each request has its own, because IPVS and conntrack remember a
 * connection for minutes and would send the next one from the same port to the same endpoint.
 */
const sourcePorts = { first: 40_000, count: 20_000 };
let portCount = 0;

function nextSourcePort(): number {
  portCount += 1;
  return sourcePorts.first + (portCount % sourcePorts.count);
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
