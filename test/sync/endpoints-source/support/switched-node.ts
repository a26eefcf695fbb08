import { vi } from 'vitest';
import type { ClusterKind } from '../../../../src/cluster/kinds.js';
import { ClusterStore } from '../../../../src/cluster/store.js';
import { createEndpointsSwitch } from '../../../../src/sync/endpoints-source/endpoints-switch.js';
import { Programmer } from '../../../../src/sync/programmer.js';
import { fakeNode } from '../../../support/fake-node/index.js';
import { tutorialProxy } from '../../../support/run-sync.js';
import { ipvsOf, raw } from '../../support/programmed-node.js';

const kindOf = (object: object): ClusterKind => (object as { readonly kind: ClusterKind }).kind;
const nameOf = (object: object): string => (object as { readonly metadata: { readonly name: string } }).metadata.name;

/**
 * Returns a node that is kept by a cluster's events. The fake cluster sends Endpoints objects only while they are
 * followed, unless they are held back.
 */
export function switchedNode(objects: readonly object[], node = fakeNode()) {
  const store = new ClusterStore();
  const programmer = new Programmer({ namespace: undefined, allowEmpty: false, store, node, proxy: tutorialProxy });
  const cluster = new Map(objects.map(object => [`${kindOf(object)} ${nameOf(object)}`, object]));
  const lines: string[] = [];
  const follows: boolean[] = [];
  let syncing: Promise<unknown> = Promise.resolve();
  let answers: 'listed' | 'forbidden' | 'nothing' = 'listed';
  let isKnown = false;

  const intake = createEndpointsSwitch({
    store,
    kinds: ['Service', 'EndpointSlice', 'Node'],
    setFollowed: isFollowed => {
      follows.push(isFollowed);
      if (isFollowed) queueMicrotask(listEndpoints);
    },
    onChanges: changes => {
      syncing = syncing.then(() => programmer.syncChanges(changes));
    },
    onSource: line => lines.push(line.replace('endpoints: ', '')),
    onTrouble: line => lines.push(line),
  });
  void intake.listed.then(() => {
    isKnown = true;
    syncing = syncing.then(() => programmer.syncAll([]));
  });
  const list = (kind: ClusterKind, isForbidden = false): void => {
    const listed = isForbidden ? [] : [...cluster.values()].filter(object => kindOf(object) === kind);
    intake.onEvent({ is: 'listed', kind, objects: listed.map(raw), isForbidden });
  };
  const listEndpoints = (): void => {
    if (follows.at(-1) === true && answers !== 'nothing') list('Endpoints', answers === 'forbidden');
  };
  const isSent = (object: object): boolean =>
    kindOf(object) !== 'Endpoints' || (follows.at(-1) === true && answers === 'listed');
  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < 5; turns += 1) {
      await vi.advanceTimersByTimeAsync(0);
      await syncing;
    }
  };
  const event = async (is: 'changed' | 'removed', object: object): Promise<void> => {
    const name = `${kindOf(object)} ${nameOf(object)}`;
    if (is === 'changed') cluster.set(name, object);
    else cluster.delete(name);
    if (isSent(object)) intake.onEvent({ is, kind: kindOf(object), object: raw(object) });
    await settle();
  };
  return {
    node,
    /** What was logged. */
    lines,
    /** Whether Endpoints objects have been followed or not, each time that changed. */
    follows,
    isKnown: () => isKnown,
    start: async (how: typeof answers = 'listed') => {
      answers = how;
      for (const kind of ['Service', 'EndpointSlice', 'Node'] as const) list(kind);
      await settle();
    },
    /** Says how lists of Endpoints objects are answered from now on, and answers one that waits. */
    answer: async (how: typeof answers) => {
      answers = how;
      listEndpoints();
      await settle();
    },
    put: (object: object) => event('changed', object),
    remove: (object: object) => event('removed', object),
    /** Lists a kind again, as after a lost connection. */
    relist: async (kind: ClusterKind, ...present: readonly object[]) => {
      for (const [name, object] of cluster) if (kindOf(object) === kind) cluster.delete(name);
      for (const object of present) cluster.set(`${kind} ${nameOf(object)}`, object);
      list(kind);
      await settle();
    },
    pass: async (milliseconds: number) => {
      await vi.advanceTimersByTimeAsync(milliseconds);
      await settle();
    },
    /** Returns the addresses of all real servers. */
    realServers: () =>
      ipvsOf(node)
        .flatMap(line => /^-a .* -r (\S+):\d+ /.exec(line)?.[1] ?? [])
        .sort(),
    /** Reads the node and corrects it, as after each period. */
    period: async () => {
      await programmer.syncAll([]);
    },
    close: intake.close,
  };
}
