import { StringDecoder } from 'node:string_decoder';
import type { ApiServer } from './api-server.js';
import { failureOfAnswer } from './failed-answer.js';
import { broken, type FollowFailure, silent, unreachable } from './failure.js';
import type { FeedTiming } from './timing.js';

export interface Connection {
  readonly api: ApiServer;
  readonly timing: FeedTiming;
  /** Aborts when the feed closes. */
  readonly closing: AbortSignal;
}

export interface Request {
  readonly path: string;
  /** What is asked for, for messages: `services`. */
  readonly resource: string;
  /** How long the body may bring nothing, in milliseconds. */
  readonly bodySilence: number;
}

/** The body's text in the pieces in which it comes, characters whole. */
export type Texts = AsyncIterable<string>;

/**
 * Asks for a path and lets `use` read the body, which must come steadily. The connection is given up in every case when
 * `use` is done. Throws a FollowFailure where there is no answer, another than 200, or where the body breaks off.
 */
export async function request<Value>(
  { api, timing, closing }: Connection,
  { path, resource, bodySilence }: Request,
  use: (texts: Texts) => Promise<Value>,
): Promise<Value> {
  const patience = createPatience(closing, timing.answerSilence);
  try {
    const answer = await api.get(path, patience.signal).catch(error => Promise.reject(patience.failure(error)));
    if (answer.status !== 200) {
      const text = await beginningOf(heard(answer.body, patience));
      throw failureOfAnswer(resource, { ...answer, text });
    }
    patience.last(bodySilence);
    return await use(heard(answer.body, patience));
  } finally {
    patience.end();
  }
}

interface Patience {
  readonly signal: AbortSignal;
  heard(): void;
  /** From now on it lasts so long each time. */
  last(milliseconds: number): void;
  /** What an error of the request means. */
  failure(error: unknown): FollowFailure;
  end(): void;
}

/**
 * Aborts a request that brings nothing. Each request has an AbortController of its own, since a signal derived from one
 * that lives as long as the program stays in memory with it.
 */
function createPatience(closing: AbortSignal, milliseconds: number): Patience {
  const controller = new AbortController();
  let ranOut = false;
  let hasAnswer = false;
  const giveUp = () => {
    ranOut = true;
    controller.abort();
  };
  const close = () => controller.abort();
  let timer = setTimeout(giveUp, milliseconds);
  closing.addEventListener('abort', close);
  if (closing.aborted) close();
  return {
    signal: controller.signal,
    heard: () => timer.refresh(),
    last(longer) {
      hasAnswer = true;
      clearTimeout(timer);
      timer = setTimeout(giveUp, longer);
    },
    failure: error => (ranOut ? silent() : hasAnswer ? broken(error) : unreachable(error)),
    end() {
      clearTimeout(timer);
      closing.removeEventListener('abort', close);
      controller.abort();
    },
  };
}

async function* heard(body: AsyncIterable<string | Buffer>, patience: Patience): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  try {
    for await (const chunk of body) {
      patience.heard();
      yield typeof chunk === 'string' ? chunk : decoder.write(chunk);
    }
  } catch (error) {
    throw patience.failure(error);
  }
}

const enoughOfAnError = 65_536;

async function beginningOf(texts: Texts): Promise<string> {
  let beginning = '';
  for await (const text of texts) {
    beginning += text;
    if (beginning.length > enoughOfAnError) break;
  }
  return beginning;
}
