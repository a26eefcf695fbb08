import type { IncomingMessage, ServerResponse } from 'node:http';
import { ServerError } from '../failure.js';
import type { Kind } from '../objects/kinds.js';
import type { KubeObject } from '../objects/object.js';
import { findResource, rawAnswer, selection } from '../raw.js';
import type { Server } from '../server.js';
import { type ChangeEvent, createHistory, type History } from './history.js';

/** How often the cluster is read while it is watched, in milliseconds. */
const period = 200;

/** The longest watch, in seconds, if the client does not say. */
const longestWatch = 3_600;

/** Returns the listener of an HTTP server that answers as an API server does to who reads and watches. */
export function createListener(server: Server): (request: IncomingMessage, response: ServerResponse) => void {
  const history = createHistory(server);
  const versioned: Server = { ...server, resourceVersion: history.version };
  return ({ method, url = '/' }, response) => {
    try {
      const { searchParams: query, pathname } = new URL(url, 'http://localhost');
      if (method !== 'GET') sendStatus(response, 405, 'MethodNotAllowed', 'only reading is possible');
      else if (query.has('sendInitialEvents'))
        sendStatus(response, 422, 'Invalid', 'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch');
      else if (['1', 'true'].includes(query.get('watch') ?? '')) watch(history, pathname, query, response);
      else {
        history.refresh();
        send(response, 200, rawAnswer(versioned, url));
      }
    } catch (error) {
      sendError(response, error);
    }
  };
}

const contentType = { 'Content-Type': 'application/json' };

function send(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, contentType).end(text);
}

const codes: Readonly<Partial<Record<ServerError['reason'], number>>> = { NotFound: 404, BadRequest: 400 };

function sendError(response: ServerResponse, error: unknown): void {
  const isKnown = error instanceof ServerError;
  const reason = isKnown ? error.reason : 'InternalError';
  sendStatus(response, (isKnown && codes[error.reason]) || 500, reason, error instanceof Error ? error.message : '');
}

function sendStatus(response: ServerResponse, code: number, reason: string, message: string): void {
  send(response, code, JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code }));
}

/** Sends changes as they happen, until the client has enough or its time is over. */
function watch(history: History, path: string, query: URLSearchParams, response: ServerResponse): void {
  const kind = findResource(path)?.kind;
  if (kind === undefined) throw new ServerError('NotFound', 'the server could not find the requested resource');
  const isSelected = selection(kind, query);
  let version = query.get('resourceVersion') ?? history.version();
  if (history.after(version) === undefined) {
    sendStatus(response, 410, 'Expired', `too old resource version: ${version}`);
    return;
  }
  response.writeHead(200, contentType).flushHeaders();
  const sendChanges = () => {
    history.refresh();
    const events = (history.after(version) ?? []).filter(event => event.kind === kind);
    version = history.version();
    for (const line of linesOf(kind, events, isSelected, version)) response.write(line);
  };
  const timer = setInterval(endOnError(response, sendChanges), period);
  const seconds = Number(query.get('timeoutSeconds')) || longestWatch;
  const end = setTimeout(() => response.end(), seconds * 1_000);
  response.on('close', () => {
    clearInterval(timer);
    clearTimeout(end);
  });
}

/** The objects have versions of their own, from which no watch can go on. So a bookmark follows with that of all. */
function linesOf(
  { apiVersion, name }: Kind,
  events: readonly ChangeEvent[],
  isSelected: (object: KubeObject) => boolean,
  resourceVersion: string,
): readonly string[] {
  if (events.length === 0) return [];
  const changes = events.map(({ type, object }) => ({ type: isSelected(object) ? type : 'DELETED', object }));
  const bookmark = { type: 'BOOKMARK', object: { kind: name, apiVersion, metadata: { resourceVersion } } };
  return [...changes, bookmark].map(line => `${JSON.stringify(line)}\n`);
}

/** The client opens another watch then, and is told the error. */
const endOnError = (response: ServerResponse, work: () => void) => (): void => {
  try {
    work();
  } catch {
    response.end();
  }
};
