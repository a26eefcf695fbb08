import { setImmediate as turn } from 'node:timers/promises';
import type { ClusterKind } from '../../../src/cluster/kinds.js';
import type { ApiAnswer, ApiServer } from '../../../src/cluster/watch/api-server.js';
import { type FeedEvent, type FeedOptions, followCluster } from '../../../src/cluster/watch/feed.js';
import type { FeedTiming } from '../../../src/cluster/watch/timing.js';

/** What the fake API server does with one request. */
export type Play = (signal: AbortSignal) => Promise<ApiAnswer>;

type Chunk = string | Buffer;
type Ending = 'ends' | 'stays open' | 'breaks off';

const playing =
  (status: number, chunks: readonly Chunk[], ending: Ending, retryAfterSeconds?: number): Play =>
  async signal => ({ status, retryAfterSeconds, body: bodyOf(chunks, ending, signal) });

async function* bodyOf(chunks: readonly Chunk[], ending: Ending, signal: AbortSignal): AsyncGenerator<Chunk> {
  for (const chunk of chunks) yield chunk;
  if (ending === 'stays open') await aborted(signal);
  if (ending === 'breaks off') throw new Error('aborted');
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const reason = () => reject(new Error('The operation was aborted'));
    if (signal.aborted) reason();
    else signal.addEventListener('abort', reason);
  });

export const ended = (...chunks: readonly Chunk[]): Play => playing(200, chunks, 'ends');
export const open = (...chunks: readonly Chunk[]): Play => playing(200, chunks, 'stays open');
export const cutOff = (...chunks: readonly Chunk[]): Play => playing(200, chunks, 'breaks off');
export const errorAnswer = (status: number, text: string, retryAfterSeconds?: number): Play =>
  playing(status, [text], 'ends', retryAfterSeconds);
export const noAnswer: Play = signal => aborted(signal);
export const refused: Play = () => Promise.reject(new Error('connect ECONNREFUSED /run/api.sock'));

export interface FakeObject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}

export const object = (name: string, resourceVersion: string, kind: ClusterKind = 'Service'): FakeObject => ({
  kind,
  apiVersion: kind === 'EndpointSlice' ? 'discovery.k8s.io/v1' : 'v1',
  metadata: { name, resourceVersion },
});

/** A typed list, in which the items have no kind, as the API server sends it. */
export function listText(version: string, items: readonly FakeObject[], next?: string, kind: ClusterKind = 'Service') {
  const metadata = { resourceVersion: version, ...(next === undefined ? {} : { continue: next }) };
  const bare = items.map(({ metadata }) => ({ metadata }));
  return JSON.stringify({ kind: `${kind}List`, apiVersion: 'v1', metadata, items: bare });
}

export const list = (version: string, ...items: readonly FakeObject[]): Play => ended(listText(version, items));

export const line = (type: string, value: object): string => `${JSON.stringify({ type, object: value })}\n`;
export const bookmark = (resourceVersion: string): string =>
  line('BOOKMARK', { kind: 'Service', apiVersion: 'v1', metadata: { resourceVersion } });
export const status = (code: number, reason: string, details: object = {}) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: `${reason} it is`,
  reason,
  details,
  code,
});

/** What the consumer saw, in short. */
export function short(event: FeedEvent): string {
  if (event.is === 'listed') return `listed ${event.objects.map(({ value }) => named(value)).join(' ')}`.trim();
  return `${event.is} ${named(event.object.value)}`;
}

const named = (value: unknown): string => {
  const { metadata } = value as FakeObject;
  return `${metadata.name}@${metadata.resourceVersion}`;
};

export interface Played {
  readonly events: FeedEvent[];
  readonly lines: string[];
  /** The paths that were asked for. */
  readonly paths: string[];
  /** The pauses that were made after failures, in milliseconds. Nobody waits for them. */
  readonly pauses: number[];
}

export interface PlayOptions extends Partial<Omit<FeedOptions, 'timing' | 'onTrouble'>> {
  readonly timing?: Partial<FeedTiming>;
}

/**
 * Follows a fake API server that answers each kind's requests in turn as the script says, until the script is at its end
 * and nothing happens any more. Requests after its end stay open.
 */
export async function play(script: readonly Play[], options: PlayOptions = {}): Promise<Played> {
  return playKinds({ Service: script }, options);
}

export async function playKinds(
  scripts: Partial<Record<ClusterKind, readonly Play[]>>,
  options: PlayOptions = {},
): Promise<Played> {
  const kinds = Object.keys(scripts) as ClusterKind[];
  const played: Played = { events: [], lines: [], paths: [], pauses: [] };
  const api = scriptedApi(scripts, played);
  const feed = followCluster(api, {
    kinds,
    onEvent: event => played.events.push(event),
    ...options,
    onTrouble: line => played.lines.push(line),
    timing: {
      random: () => 0,
      settled: 60_000,
      sleep: async milliseconds => {
        played.pauses.push(milliseconds);
        await turn();
      },
      ...options.timing,
    },
  });
  while (!api.isPlayed()) await turn();
  await untilStill(() => played.events.length + played.lines.length + played.paths.length);
  await feed.close();
  return played;
}

/** What the last answers brought is handed out before the feed closes. */
async function untilStill(count: () => number): Promise<void> {
  for (let still = 0, before = count(); still < 20; still += 1) {
    await turn();
    if (count() !== before) still = 0;
    before = count();
  }
}

const resources = {
  Service: 'services',
  EndpointSlice: 'endpointslices',
  Endpoints: 'endpoints',
  Pod: 'pods',
  Node: 'nodes',
};

function scriptedApi(scripts: Partial<Record<ClusterKind, readonly Play[]>>, { paths }: Played) {
  const left = new Map(Object.entries(scripts).map(([kind, script]) => [kind as ClusterKind, [...script]]));
  const api: ApiServer = {
    get(path, signal) {
      paths.push(path);
      const kind = [...left.keys()].find(name => path.split('?')[0]?.endsWith(`/${resources[name]}`));
      if (kind === undefined) throw new Error(`nobody is to ask for ${path}`);
      return (left.get(kind)?.shift() ?? open())(signal);
    },
    close: async () => {},
  };
  return { ...api, isPlayed: () => [...left.values()].every(script => script.length === 0) };
}
