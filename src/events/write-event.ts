import type { ApiWriter } from '../cluster/watch/api-server.js';
import { messageOf } from '../errors.js';
import type { EventObject } from './event.js';

/** Writes a new Event (POST) or another state of one (PUT). Never rejects. */
export type WriteEvent = (method: 'POST' | 'PUT', event: EventObject, signal: AbortSignal) => Promise<void>;

/** In milliseconds. An Event that the API server does not take in this time is lost. */
const limit = 10_000;

/**
 * Returns a writer through the connection to the API server.
 * @param onTrouble gets a line if an Event is lost, once until one is written again
 */
export function createEventWriter(api: ApiWriter, onTrouble: (line: string) => void): WriteEvent {
  let lastTrouble: string | undefined;
  return async (method, event, signal) => {
    const trouble = await attempt(api, method, event, signal);
    if (trouble !== undefined && trouble !== lastTrouble && !signal.aborted) onTrouble(trouble);
    lastTrouble = trouble;
  };
}

/** Returns what went wrong, or undefined. */
async function attempt(
  api: ApiWriter,
  method: 'POST' | 'PUT',
  event: EventObject,
  closing: AbortSignal,
): Promise<string | undefined> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(abort, limit);
  closing.addEventListener('abort', abort);
  try {
    const { status, body } = await api.write(method, pathOf(method, event), event, stop.signal);
    // The connection closes when the body was read.
    for await (const _ of body);
    return status < 300 ? undefined : lossLine(meaningOf(status));
  } catch (error) {
    return lossLine(stop.signal.aborted ? `no answer within ${limit / 1_000} s` : messageOf(error));
  } finally {
    clearTimeout(timer);
    closing.removeEventListener('abort', abort);
  }
}

function pathOf(method: 'POST' | 'PUT', { metadata }: EventObject): string {
  const all = `/apis/events.k8s.io/v1/namespaces/${encodeURIComponent(metadata.namespace)}/events`;
  return method === 'POST' ? all : `${all}/${encodeURIComponent(metadata.name)}`;
}

const meaningOf = (status: number): string =>
  status === 403
    ? 'these credentials may not write them (create and update events.events.k8s.io allow it)'
    : `the API server answers ${status}`;

const lossLine = (why: string): string => `Events are not written: ${why}; nothing else depends on them`;
