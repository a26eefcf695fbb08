import { noConnections } from '../../../src/node/actual-state.js';
import type { Element } from '../../../src/node/element.js';
import type { NodeState } from '../../../src/node/state.js';
import { detailsOf } from '../kernel-element.js';
import { endpointText, keyOfServer } from './ipvsadm.js';
import { type FakeKernel, freshKernel, loadModule } from './kernel.js';

type Put = {
  readonly [Kind in Element['kind']]: (kernel: FakeKernel, element: Extract<Element, { kind: Kind }>) => void;
};

/**
 * Adds each kind of element to a kernel. Written without kproxy's own commands, so that those can be tested against it.
 */
const put: Put = {
  module: (kernel, { name }) => loadModule(kernel, name),
  sysctl: (kernel, { name, value }) => void kernel.sysctls.set(name, value),
  'ipvs-timeouts': ({ timeouts }, { tcp, tcpFin, udp }) => void Object.assign(timeouts, { tcp, tcpFin, udp }),
  link: (kernel, { name, type }) => void kernel.links.set(name, { type, addresses: [] }),
  address: (kernel, { kind: _, link, ...address }) => void kernel.links.get(link)?.addresses.push(address),
  set: (kernel, { name, type, family, maximum, extensions }) =>
    void kernel.sets.set(name, { type, family, maximum, extensions, entries: new Set() }),
  entry: (kernel, { set, value }) => void kernel.sets.get(set)?.entries.add(value),
  chain: (kernel, { family, table, name, rules }) =>
    void kernel.tables[family].get(table)?.set(name, { policy: undefined, rules: [...rules] }),
  jumps: (kernel, jumps) => {
    const behind = detailsOf(jumps).behind ?? [];
    const chain = kernel.tables[jumps.family].get(jumps.table)?.get(jumps.chain);
    chain?.rules.unshift(...behind.map(rule => rule.split(' ')), ...jumps.rules);
  },
  'virtual-server': (kernel, { kind: _, ...server }) =>
    void kernel.servers.set(keyOfServer(server), { ...server, realServers: new Map() }),
  'real-server': (kernel, element) => {
    const { kind: _, server, ...real } = { connections: noConnections, ...element };
    kernel.servers.get(keyOfServer(server))?.realServers.set(endpointText(real), real);
  },
  // No state has a flow.
  flow: () => undefined,
};

const order: readonly Element['kind'][] = [
  'module',
  'sysctl',
  'ipvs-timeouts',
  'link',
  'address',
  'set',
  'entry',
  'chain',
  'jumps',
  'virtual-server',
  'real-server',
];

/** Returns a kernel with exactly this state. Elements without their container (an entry of no set) are left out. */
export function kernelOf(state: NodeState, kernel: FakeKernel = freshKernel()): FakeKernel {
  for (const kind of order)
    for (const element of state.values())
      if (element.kind === kind) (put[kind] as (kernel: FakeKernel, element: Element) => void)(kernel, element);
  return kernel;
}
