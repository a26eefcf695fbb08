import type { Element } from '../../../src/node/element.js';
import type { NodeState } from '../../../src/node/state.js';
import { endpointText, keyOfServer } from './ipvsadm.js';
import { type FakeKernel, freshKernel, loadModule } from './kernel.js';

type Put = {
  readonly [Kind in Element['kind']]: (kernel: FakeKernel, element: Extract<Element, { kind: Kind }>) => void;
};

/** How each kind of element looks in a kernel that has it. Written without kproxy's own commands, so that those can be tested against it. */
const put: Put = {
  module: (kernel, { name }) => loadModule(kernel, name),
  sysctl: (kernel, { name, value }) => void kernel.sysctls.set(name, value),
  link: (kernel, { name, type }) => void kernel.links.set(name, { type, addresses: [] }),
  address: (kernel, { link, address, prefix }) => void kernel.links.get(link)?.addresses.push({ address, prefix }),
  set: (kernel, { name, type, family, maximum }) =>
    void kernel.sets.set(name, { type, family, maximum, entries: new Set() }),
  entry: (kernel, { set, value }) => void kernel.sets.get(set)?.entries.add(value),
  chain: (kernel, { family, table, name, rules }) =>
    void kernel.tables[family].get(table)?.set(name, { policy: undefined, rules: rules.map(({ argv }) => argv) }),
  jumps: (kernel, { family, table, chain, rules, behind }) =>
    void kernel.tables[family]
      .get(table)
      ?.get(chain)
      ?.rules.unshift(...behind.map(rule => rule.split(' ')), ...rules.map(({ argv }) => argv)),
  'virtual-server': (kernel, { kind: _, ...server }) =>
    void kernel.servers.set(keyOfServer(server), { ...server, realServers: new Map() }),
  'real-server': (kernel, { kind: _, server, ...real }) =>
    void kernel.servers.get(keyOfServer(server))?.realServers.set(endpointText(real), real),
  // Nobody wants a flow, so that no state has one.
  flow: () => undefined,
};

const order: readonly Element['kind'][] = [
  'module',
  'sysctl',
  'link',
  'address',
  'set',
  'entry',
  'chain',
  'jumps',
  'virtual-server',
  'real-server',
];

/** A kernel that holds exactly this state. Elements without what holds them (an entry of no set) are left out. */
export function kernelOf(state: NodeState, kernel: FakeKernel = freshKernel()): FakeKernel {
  for (const kind of order)
    for (const element of state.values())
      if (element.kind === kind) (put[kind] as (kernel: FakeKernel, element: Element) => void)(kernel, element);
  return kernel;
}
