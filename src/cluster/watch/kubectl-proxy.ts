import { type IncomingMessage, request } from 'node:http';
import type { ApiAnswer, ApiServer } from './api-server.js';
import { removeStaleFolders } from './private-folder.js';
import { type ProxyFlags, type ProxyProcess, startProxyProcess } from './proxy-process.js';

/**
 * One `kubectl proxy` on a private Unix socket, which carries all lists and streams with kubectl's own authentication:
 * about 52 MB in all, where each `kubectl get --raw '…?watch=1'` takes 48. A proxy that ended is started again by the next
 * request. Throws a KproxyError (exit code 3) where the first start fails; a later start's error is the request's.
 */
export async function openKubectlProxy(flags: ProxyFlags): Promise<ApiServer> {
  await removeStaleFolders();
  const proxy = keepRunning(flags);
  await proxy.running();

  // kubectl may take its time to start, and nobody waits for it any longer than for an answer.
  const running = (signal: AbortSignal) => Promise.race([proxy.running(), aborted(signal)]);
  const get = async (path: string, signal: AbortSignal): Promise<ApiAnswer> => {
    const process = await running(signal);
    try {
      const answer = await ask(process.socketPath, path, signal);
      // kubectl reads the kubeconfig once: a new one reads the credentials that are there now.
      if (answer.status === 401) process.retire();
      return answer;
    } catch (error) {
      // Given up while there was no answer yet: the proxy may hang.
      if (signal.aborted) process.retire();
      if (signal.aborted || !isNobodyListening(error)) throw error;
      await process.stop();
      return ask((await running(signal)).socketPath, path, signal);
    }
  };
  return { get, close: proxy.close };
}

interface KeptProxy {
  /** The process that there is, or a new one. Requests side by side start only one. */
  running(): Promise<ProxyProcess>;
  close(): Promise<void>;
}

function keepRunning(flags: ProxyFlags): KeptProxy {
  let current: Promise<ProxyProcess> | undefined;
  const closing = new AbortController();

  const forget = (process: Promise<ProxyProcess>): void => {
    if (current === process) current = undefined;
  };
  const start = (): Promise<ProxyProcess> => {
    if (closing.signal.aborted) throw new Error('the connection to the API server is closed');
    if (current !== undefined) return current;
    const started = startProxyProcess(flags, closing.signal);
    current = started;
    started.catch(() => forget(started));
    return started;
  };
  return {
    async running() {
      const known = start();
      const process = await known;
      if (process.isUsable()) return process;
      forget(known);
      await process.stop();
      return start();
    },
    async close() {
      closing.abort();
      await current?.then(
        ({ stop }) => stop(),
        () => undefined,
      );
    },
  };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    if (signal.aborted) reject(signal.reason);
  });

/** kubectl proxy answers 403 to any other Host. */
const headers = { Host: 'localhost', Accept: 'application/json', 'User-Agent': 'kproxy' } as const;

function ask(socketPath: string, path: string, signal: AbortSignal): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path, signal, headers, agent: false }, answer => resolve(apiAnswer(answer)))
      .on('error', reject)
      .end();
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

/** A proxy that is just being killed takes a connection and lets go of it without an answer. */
const isNobodyListening = (error: unknown): boolean =>
  ['ECONNREFUSED', 'ENOENT', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '');
