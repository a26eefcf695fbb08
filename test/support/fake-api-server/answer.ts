import type { ApiAnswer } from '../../../src/cluster/watch/api-server.js';

/** What the fake API server answers to a request. */
export interface FakeAnswer extends ApiAnswer {
  /** Headers beside Content-Type and Retry-After. Only the HTTP server sends them. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers one request. The signal aborts when the client gives the request up. */
export type Reply = (signal: AbortSignal) => Promise<FakeAnswer>;

/** Chooses the reply to a request by its path with the query, and its method. */
export type Handler = (path: string, method: string) => Reply;

type Chunk = string | Buffer;
type Ending = 'ends' | 'stays open' | 'breaks off';

const reply =
  (status: number, chunks: readonly Chunk[], ending: Ending, retryAfterSeconds?: number): Reply =>
  async signal => ({ status, retryAfterSeconds, body: bodyOf(chunks, ending, signal) });

async function* bodyOf(chunks: readonly Chunk[], ending: Ending, signal: AbortSignal): AsyncGenerator<Chunk> {
  for (const chunk of chunks) yield chunk;
  if (ending === 'stays open') await abortionOf(signal);
  if (ending === 'breaks off') throw new Error('aborted');
}

const abortionOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const abort = () => reject(new Error('The operation was aborted'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  });

export const completeAnswer = (...chunks: readonly Chunk[]): Reply => reply(200, chunks, 'ends');
export const openAnswer = (...chunks: readonly Chunk[]): Reply => reply(200, chunks, 'stays open');
export const brokenAnswer = (...chunks: readonly Chunk[]): Reply => reply(200, chunks, 'breaks off');
export const errorAnswer = (status: number, text: string, retryAfterSeconds?: number): Reply =>
  reply(status, [text], 'ends', retryAfterSeconds);

/** The request hangs until the client gives it up. */
export const noAnswer: Reply = signal => abortionOf(signal);

/** The connection is refused. */
export const refusal: Reply = () => Promise.reject(new Error('connect ECONNREFUSED /run/api.sock'));
