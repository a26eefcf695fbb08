import { checkObjects } from '../../../src/cluster/check.js';
import type { ClusterKind } from '../../../src/cluster/kinds.js';
import type { RawObject } from '../../../src/cluster/objects.js';
import { ClusterStore, type ObjectChange } from '../../../src/cluster/store.js';
import type { ProxyOptions } from '../../../src/proxy/options.js';
import type { ReadScope } from '../../../src/sync/coverage.js';
import { Programmer, type Synced } from '../../../src/sync/programmer.js';
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

/** A node, the store of a cluster, and the programmer that keeps the node as the cluster needs it. */
export interface ProgrammedNode {
  readonly node: FakeNode;
  readonly store: ClusterStore;
  readonly programmer: Programmer;
  /** Puts objects into the store and syncs the changes. */
  put(...objects: readonly object[]): Promise<Synced>;
  /** Removes objects from the store and syncs the changes. */
  remove(...objects: readonly object[]): Promise<Synced>;
  /** Replaces all objects of a kind and syncs the changes. */
  list(kind: ClusterKind, ...objects: readonly object[]): Promise<Synced>;
  /** Syncs without changes, as the loop does for draining real servers. */
  look(): Promise<Synced>;
  /** Returns the command lines that the work starts. */
  processes(work: () => Promise<unknown>): Promise<readonly string[]>;
  /** Returns the lines of `ipvsadm -S -n`. */
  ipvs(): readonly string[];
}

export interface NodeSetting extends Partial<ReadScope> {
  readonly kernel?: FakeKernel;
  readonly proxy?: Partial<ProxyOptions>;
  /** The first objects are those of files, which may be of any kind, also a misspelt one. */
  readonly areOfFiles?: boolean;
}

/** Returns a node on which these objects have been programmed. */
export async function programmedNode(objects: readonly object[], setting: NodeSetting = {}): Promise<ProgrammedNode> {
  const store = new ClusterStore();
  const node = fakeNode(setting.kernel);
  const proxy = { ...tutorialProxy, ...setting.proxy };
  const scope = { namespace: undefined, allowEmpty: false, ...setting };
  const programmer = new Programmer({ namespace: scope.namespace, allowEmpty: scope.allowEmpty, store, node, proxy });
  const put = (some: readonly object[]): readonly ObjectChange[] =>
    some.flatMap(object => store.put(kindOf(object), raw(object)));
  const first = setting.areOfFiles ? store.replaceAll(checkObjects(objects.map(raw)).cluster) : put(objects);
  await programmer.syncAll(first);
  return {
    node,
    store,
    programmer,
    put: (...some) => programmer.syncChanges(put(some)),
    remove: (...some) => programmer.syncChanges(some.flatMap(object => store.remove(kindOf(object), raw(object)))),
    list: (kind, ...some) => programmer.syncChanges(store.list(kind, some.map(raw))),
    look: () => programmer.syncChanges([]),
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

/** Gives a real server of the fake kernel open connections. Zero closes those it has. */
export function connect({ kernel }: FakeNode, server: string, real: string, active: number): void {
  const known = kernel.servers.get(server)?.realServers.get(real);
  if (known === undefined) throw new Error(`the fake node has no real server ${real} of ${server}`);
  kernel.servers.get(server)?.realServers.set(real, { ...known, connections: { active, inactive: 0 } });
}
