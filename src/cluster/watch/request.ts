import { StringDecoder } from 'node:string_decoder';
import type { ApiServer } from './api-server.js';
import { failureOfAnswer } from './failed-answer.js';
import { disconnection, endless, noAnswer, type ReflectorFailure, silence } from './failure.js';
import type { FeedTiming } from './timing.js';

export interface Connection {
  readonly api: ApiServer;
  readonly timing: FeedTiming;
  /** Aborts when the feed closes. */
  readonly closing: AbortSignal;
}

export interface Request {
  readonly path: string;
  /** The requested resource, for messages: `services`. */
  readonly resource: string;
  /** How long the body may bring nothing, in milliseconds. */
  readonly bodySilence: number;
  /** How long the whole answer may take, in milliseconds, even if something arrives now and then. */
  readonly longest: number;
}

/** How long the rest of a body may take, in milliseconds. */
type BodyTimes = Pick<Request, 'bodySilence' | 'longest'>;

/** The text of a body in chunks that never split a character. */
export type TextChunks = AsyncIterable<string>;

/** Reads a body. `prolong` begins its times anew. */
export type UseBody<Value> = (chunks: TextChunks, prolong: (times: BodyTimes) => void) => Promise<Value>;

/**
 * Requests a path and lets `use` read the body. Closes the connection when `use` is done.
 * @throws ReflectorFailure if there is no answer or one other than 200, if the body breaks off or does not end in time,
 *   or if nothing arrives for too long
 */
export async function request<Value>(
  { api, timing, closing }: Connection,
  { path, resource, bodySilence, longest }: Request,
  use: UseBody<Value>,
): Promise<Value> {
  const timeout = createSilenceTimeout(closing, timing.answerSilence, longest);
  try {
    const answer = await api.get(path, timeout.signal).catch(error => Promise.reject(timeout.failure(error)));
    if (answer.status !== 200) {
      const text = await beginningOf(textChunks(answer.body, timeout));
      throw failureOfAnswer(resource, { ...answer, text });
    }
    timeout.restart(bodySilence);
    return await use(textChunks(answer.body, timeout), times => {
      timeout.restart(times.bodySilence);
      timeout.restartWhole(times.longest);
    });
  } finally {
    timeout.end();
  }
}

/** Aborts a request that brings nothing for too long. */
interface SilenceTimeout {
  readonly signal: AbortSignal;
  /** Something has arrived. */
  refresh(): void;
  /** The answer has begun. From now on it may be silent for so many milliseconds. */
  readonly restart: (milliseconds: number) => void;
  /** The whole answer may take so many milliseconds from now on. */
  readonly restartWhole: (milliseconds: number) => void;
  /** Returns what an error of the request means. */
  failure(error: unknown): ReflectorFailure;
  end(): void;
}

/**
 * Each request has its own AbortController: a signal derived from one that never aborts would stay in memory with it.
 */
function createSilenceTimeout(closing: AbortSignal, milliseconds: number, longest: number): SilenceTimeout {
  const controller = new AbortController();
  let exceeded: (() => ReflectorFailure) | undefined;
  let hasAnswer = false;
  const giveUp = (failure: () => ReflectorFailure) => {
    exceeded = failure;
    controller.abort();
  };
  const close = () => controller.abort();
  let timer = setTimeout(giveUp, milliseconds, silence);
  let wholeTimer = setTimeout(giveUp, longest, endless);
  closing.addEventListener('abort', close);
  if (closing.aborted) close();
  return {
    signal: controller.signal,
    refresh: () => timer.refresh(),
    restart(bodyMilliseconds) {
      hasAnswer = true;
      clearTimeout(timer);
      timer = setTimeout(giveUp, bodyMilliseconds, silence);
    },
    restartWhole(wholeMilliseconds) {
      clearTimeout(wholeTimer);
      wholeTimer = setTimeout(giveUp, wholeMilliseconds, endless);
    },
    failure(error) {
      if (exceeded !== undefined) return exceeded();
      return hasAnswer ? disconnection(error) : noAnswer(error);
    },
    end() {
      clearTimeout(timer);
      clearTimeout(wholeTimer);
      closing.removeEventListener('abort', close);
      controller.abort();
    },
  };
}

async function* textChunks(body: AsyncIterable<string | Buffer>, timeout: SilenceTimeout): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  try {
    for await (const chunk of body) {
      timeout.refresh();
      yield typeof chunk === 'string' ? chunk : decoder.write(chunk);
    }
  } catch (error) {
    throw timeout.failure(error);
  }
}

/** In characters. */
const maximumErrorText = 65_536;

async function beginningOf(chunks: TextChunks): Promise<string> {
  let beginning = '';
  for await (const chunk of chunks) {
    beginning += chunk;
    if (beginning.length > maximumErrorText) break;
  }
  return beginning;
}
