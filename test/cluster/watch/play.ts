import { setImmediate as turn } from 'node:timers/promises';
import { vi } from 'vitest';
import type { ClusterKind } from '../../../src/cluster/kinds.js';
import { type FeedEvent, type FeedOptions, followCluster } from '../../../src/cluster/watch/feed.js';
import type { FeedTiming } from '../../../src/cluster/watch/timing.js';
import {
  completeAnswer,
  listText,
  type NamedObject,
  type Reply,
  scriptedApi,
  withoutStreamingLists,
} from '../../support/fake-api-server/index.js';

export const listAnswer = (version: string, ...items: readonly NamedObject[]): Reply =>
  completeAnswer(listText(version, items));

/** Returns an event in short: `changed web@5`. */
export function short(event: FeedEvent): string {
  if (event.is === 'listed') return `listed ${event.objects.map(({ value }) => versionedName(value)).join(' ')}`.trim();
  return `${event.is} ${versionedName(event.object.value)}`;
}

const versionedName = (value: unknown): string => {
  const { metadata } = value as NamedObject;
  return `${metadata.name}@${metadata.resourceVersion}`;
};

/** What a feed has done. */
export interface Recording {
  readonly events: readonly FeedEvent[];
  readonly lines: readonly string[];
  /** The requested paths. */
  readonly paths: readonly string[];
  /** The pauses after failures, in milliseconds. They end at once. */
  readonly pauses: readonly number[];
}

export interface PlayOptions extends Partial<Omit<FeedOptions, 'timing' | 'onTrouble'>> {
  readonly timing?: Partial<FeedTiming>;
  /** The API server has streaming lists, and the script answers them. */
  readonly streams?: boolean;
  /** Milliseconds by which the fake timers advance in each turn of the event loop. */
  readonly tick?: number;
}

/**
 * Follows a fake API server that answers the requests for Services by a script, until the script is finished and
 * nothing happens any more.
 */
export const play = (script: readonly Reply[], options: PlayOptions = {}): Promise<Recording> =>
  playKinds({ Service: script }, options);

export async function playKinds(
  scripts: Partial<Record<ClusterKind, readonly Reply[]>>,
  { streams = false, tick = 0, ...options }: PlayOptions = {},
): Promise<Recording> {
  const [events, lines, pauses]: [FeedEvent[], string[], number[]] = [[], [], []];
  const api = scriptedApi(scripts);
  const feed = followCluster(streams ? api : withoutStreamingLists(api), {
    kinds: Object.keys(scripts) as ClusterKind[],
    onEvent: event => events.push(event),
    ...options,
    onTrouble: line => lines.push(line),
    timing: {
      random: () => 0,
      settled: 60_000,
      sleep: async milliseconds => {
        pauses.push(milliseconds);
        await turn();
      },
      ...options.timing,
    },
  });
  while (!api.isFinished()) {
    await turn();
    if (tick > 0) vi.advanceTimersByTime(tick);
  }
  await untilStill(() => events.length + lines.length + api.paths.length);
  await feed.close();
  return { events, lines, pauses, paths: api.paths };
}

/** The feed must emit what the last answers brought before it closes. */
async function untilStill(count: () => number): Promise<void> {
  for (let still = 0, before = count(); still < 20; still += 1) {
    await turn();
    if (count() !== before) still = 0;
    before = count();
  }
}
