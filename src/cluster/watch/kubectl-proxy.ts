import { type IncomingMessage, request } from 'node:http';
import { type ErrorCode, KproxyError } from '../../errors.js';
import { version } from '../../version.js';
import type { ApiAnswer, ApiServer, ApiWriter } from './api-server.js';
import { noAnswer } from './failure.js';
import type { ProxyFlags } from './proxy-process.js';
import { createProxySupervisor } from './proxy-supervisor.js';

/**
 * Starts one `kubectl proxy` on a private Unix socket, which carries all lists and watches with kubectl's own
 * authentication. A proxy that has ended is started again by the next request. It takes about 52 MB in all, while each
 * `kubectl get --raw '…?watch=1'` would take 48.
 * @param onTrouble gets a line if the first process hangs or a limit of the machine prevents it: each request tries
 *   again to start one
 * @throws KproxyError `kubectl-missing`, `kubectl-failed` or `folder-unwritable` if the first start fails; a failed
 *   later start is the error of the request
 */
export async function openKubectlProxy(
  flags: ProxyFlags,
  onTrouble: (line: string) => void,
): Promise<ApiServer & ApiWriter> {
  const proxy = createProxySupervisor(flags);
  await proxy.running().catch(error => {
    if (!(error instanceof KproxyError) || !passing.has(error.code)) throw error;
    onTrouble(noAnswer(error).message);
  });

  // kubectl may be slow to start. A request waits for it no longer than for an answer.
  const running = (signal: AbortSignal) => Promise.race([proxy.running(), abortionOf(signal)]);
  const exchange = async (message: Message, signal: AbortSignal): Promise<ApiAnswer> => {
    const process = await running(signal);
    try {
      const answer = await sendRequest(process.socketPath, message, signal);
      // kubectl reads the kubeconfig once. Only a new process reads new credentials.
      if (answer.status === 401) process.retire();
      return answer;
    } catch (error) {
      // The read was given up before an answer came: the proxy may hang. A lost write must not end the watches.
      if (signal.aborted && message.method === 'GET') process.retire();
      if (signal.aborted || !isNotListening(error)) throw error;
      await process.stop();
      return sendRequest((await running(signal)).socketPath, message, signal);
    }
  };
  return {
    get: (path, signal) => exchange({ method: 'GET', path }, signal),
    write: (method, path, object, signal) => exchange({ method, path, body: JSON.stringify(object) }, signal),
    close: proxy.close,
  };
}

/** What may be over without anybody changing how kproxy is started. */
const passing: ReadonlySet<ErrorCode> = new Set(['kubectl-hangs', 'machine-limit']);

/** Returns a promise that rejects when the signal aborts. */
const abortionOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    if (signal.aborted) reject(signal.reason);
  });

interface Message {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: string;
}

/**
 * kubectl proxy answers 403 to any other Host. It passes the User-Agent on, and asks the API server for compressed
 * answers by itself unless the request says which it takes.
 */
const headers = { Host: 'localhost', Accept: 'application/json', 'User-Agent': `kproxy/${version}` } as const;

function sendRequest(socketPath: string, message: Message, signal: AbortSignal): Promise<ApiAnswer> {
  const { method, path, body } = message;
  const all = body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' };
  return new Promise((resolve, reject) => {
    request({ socketPath, method, path, signal, headers: all, agent: false }, answer => resolve(apiAnswer(answer)))
      .on('error', reject)
      .end(body);
  });
}

function apiAnswer(answer: IncomingMessage): ApiAnswer {
  const retryAfter = answer.headers['retry-after'] ?? '';
  return {
    status: answer.statusCode ?? 0,
    // The header's other form, a date, would need clocks that agree.
    retryAfterSeconds: /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined,
    body: answer,
  };
}

/** A proxy that is being killed may accept a connection and reset it without an answer. */
const isNotListening = (error: unknown): boolean =>
  ['ECONNREFUSED', 'ENOENT', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '');
