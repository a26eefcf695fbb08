import type { ClusterKind } from '../../../src/cluster/kinds.js';
import type { RawObject } from '../../../src/cluster/objects.js';
import { ClusterStore, type ObjectChange } from '../../../src/cluster/store.js';
import type { ProxyOptions } from '../../../src/proxy/options.js';
import type { ReadScope } from '../../../src/sync/compare.js';
import { type Programmer, programmer, type Synced } from '../../../src/sync/programmer.js';
import { type FakeKernel, type FakeNode, fakeNode, runCommand } from '../../support/fake-node/index.js';
import { tutorialProxy } from '../../support/run-sync.js';

export const raw = (value: object): RawObject => ({ source: 'test', value });
const kindOf = (object: object): ClusterKind => (object as { readonly kind: ClusterKind }).kind;

/** An EndpointSlice of a Service. */
export const sliceObject = (
  service: string,
  addresses: readonly string[],
  { protocol = 'TCP', port = 8080, name = `${service}-1` } = {},
): object => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name, namespace: 'default', labels: { 'kubernetes.io/service-name': service } },
  addressType: 'IPv4',
  ports: [{ name: '', protocol, port }],
  endpoints: addresses.map(address => ({ addresses: [address], conditions: { ready: true } })),
});

/** A node, the store of a cluster, and what keeps the one as the other says. */
export interface KeptNode {
  readonly node: FakeNode;
  readonly store: ClusterStore;
  readonly kept: Programmer;
  /** Puts objects into the store and syncs what has changed. */
  put(...objects: readonly object[]): Promise<Synced>;
  remove(...objects: readonly object[]): Promise<Synced>;
  /** A kind's list comes anew. */
  list(kind: ClusterKind, ...objects: readonly object[]): Promise<Synced>;
  /** Nothing has changed, and nothing is due but what drains. */
  look(): Promise<Synced>;
  /** The processes of the work, without those before it. */
  processes(work: () => Promise<unknown>): Promise<readonly string[]>;
  ipvs(): readonly string[];
}

export interface KeptSetting extends Partial<ReadScope> {
  readonly kernel?: FakeKernel;
  readonly proxy?: Partial<ProxyOptions>;
}

/** A node on which these objects have been programmed. */
export async function keptNode(objects: readonly object[], setting: KeptSetting = {}): Promise<KeptNode> {
  const store = new ClusterStore();
  const node = fakeNode(setting.kernel);
  const proxy = { ...tutorialProxy, ...setting.proxy };
  const scope = { namespace: undefined, allowEmpty: false, ...setting };
  const kept = programmer({ namespace: scope.namespace, allowEmpty: scope.allowEmpty, store, node, proxy });
  const stored = (some: readonly object[]): readonly ObjectChange[] =>
    some.flatMap(object => store.put(kindOf(object), raw(object)));
  await kept.syncAll(stored(objects));
  return {
    node,
    store,
    kept,
    put: (...some) => kept.syncChanges(stored(some)),
    remove: (...some) => kept.syncChanges(some.flatMap(object => store.remove(kindOf(object), raw(object)))),
    list: (kind, ...some) => kept.syncChanges(store.list(kind, some.map(raw))),
    look: () => kept.syncChanges([]),
    processes: async work => {
      const before = node.commands.length;
      await work();
      return node.commands.slice(before).map(({ argv }) => argv.join(' '));
    },
    ipvs: () => ipvsOf(node),
  };
}

export const ipvsOf = ({ kernel }: FakeNode): readonly string[] =>
  runCommand(kernel, { argv: ['ipvsadm', '-S', '-n'] })
    .stdout.split('\n')
    .filter(line => line !== '');

/** Gives a real server of the fake kernel open connections; none closes those it has. */
export function connect({ kernel }: FakeNode, server: string, real: string, active: number): void {
  const known = kernel.servers.get(server)?.realServers.get(real);
  if (known === undefined) throw new Error(`the fake node has no real server ${real} of ${server}`);
  kernel.servers.get(server)?.realServers.set(real, { ...known, connections: { active, inactive: 0 } });
}
