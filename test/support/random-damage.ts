import fc from 'fast-check';
import type { Element, VirtualServer } from '../../src/node/element.js';
import type { NodeState } from '../../src/node/state.js';
import { nodeState } from '../../src/node/state.js';

/** What somebody, or an interrupted run, can do to each kind of element; undefined takes it away. */
const damaged: {
  readonly [Kind in Element['kind']]: (element: Extract<Element, { kind: Kind }>) => Element | undefined;
} = {
  module: element => element,
  sysctl: element => ({ ...element, value: element.value === '0' ? '1' : '0' }),
  // Of another type it would be made anew, which takes the addresses away by which virtual servers are known for kproxy's.
  link: element => element,
  address: element => ({ ...element, prefix: element.prefix - 1 }),
  set: element => ({
    ...element,
    type: element.type === 'hash:ip' ? 'hash:ip,port' : 'hash:ip',
    family: element.family ?? 'IPv4',
  }),
  entry: () => undefined,
  chain: element => ({ ...element, rules: element.rules.slice(1) }),
  jumps: element => ({ ...element, rules: [...element.rules, ...element.rules.slice(0, 1)] }),
  'virtual-server': element => ({ ...element, scheduler: element.scheduler === 'lc' ? 'wrr' : 'lc', flags: [] }),
  'real-server': element => ({ ...element, weight: 0, forwarding: 'route' }),
};

const damage = (element: Element): Element | undefined =>
  (damaged[element.kind] as (element: Element) => Element | undefined)(element);

/** A state that has some elements as they are, some damaged, and some not at all, of those given. */
export const partOf = (state: NodeState): fc.Arbitrary<NodeState> => {
  const elements = [...state.values()];
  return fc
    .array(fc.constantFrom('kept', 'kept', 'kept', 'damaged', 'gone'), {
      minLength: elements.length,
      maxLength: elements.length,
    })
    .map(fates =>
      nodeState(
        elements.flatMap((element, index) => {
          if (fates[index] === 'gone' && element.kind !== 'module') return [];
          const left = fates[index] === 'damaged' ? damage(element) : element;
          return left === undefined ? [] : [left];
        }),
      ),
    )
    .map(withoutOrphans);
};

/**
 * What the kernel cannot have is taken out: an entry that its set does not hold, a jump to no chain, a rule about no set. So are virtual
 * servers by whose address or port nobody can tell that they are kproxy's.
 */
function withoutOrphans(all: NodeState): NodeState {
  const state = nodeState(
    [...all.values()].filter(element => element.kind !== 'virtual-server' || isKnownAsOwn(element, all)),
  );
  const has = (key: string) => state.has(key);
  const setOf = (name: string) => state.get(`set ${name}`);
  return nodeState(
    [...state.values()].flatMap((element): Element[] => {
      if (element.kind === 'entry') return fits(element.value, setOf(element.set)) ? [element] : [];
      if (element.kind === 'real-server')
        return has(`virtual-server ${element.server.protocol} ${text(element.server)}`) ? [element] : [];
      if (element.kind === 'address') return has(`link ${element.link}`) ? [element] : [];
      if (element.kind === 'chain' || element.kind === 'jumps') {
        const { family, table } = element;
        const isPossible = (argv: readonly string[]) => {
          const target = argv[argv.indexOf('-j') + 1] ?? '';
          const set = argv.includes('--match-set') ? (argv[argv.indexOf('--match-set') + 1] ?? '') : undefined;
          return (
            (!target.startsWith('KUBE-') || has(`chain ${family} ${table} ${target}`)) &&
            (set === undefined || has(`set ${set}`))
          );
        };
        return [{ ...element, rules: element.rules.filter(rule => isPossible(rule.argv)) }];
      }
      return [element];
    }),
  );
}

function isKnownAsOwn({ protocol, address, port }: VirtualServer, state: NodeState): boolean {
  const isEntry = (element: Element | undefined, set: RegExp, value: string) =>
    element?.kind === 'entry' && set.test(element.set) && element.value === value && state.has(`set ${element.set}`);
  const elements = [...state.values()];
  if (elements.some(element => element.kind === 'address' && element.address === address))
    return state.has('link kube-ipvs0');
  if (protocol !== 'SCTP')
    return elements.some(element => isEntry(element, new RegExp(`^KUBE-(6-)?NODE-PORT-${protocol}$`), String(port)));
  return elements.some(element => isEntry(element, /^KUBE-(6-)?NODE-PORT-SCTP-HASH$/, `${address},sctp:${port}`));
}

const text = ({ address, port }: { readonly address: string; readonly port: number }): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function fits(value: string, set: Element | undefined): boolean {
  if (set?.kind !== 'set') return false;
  if (set.type === 'bitmap:port') return /^\d+$/.test(value);
  const fields = value.split(',').length;
  return (
    value.includes('.') === (set.family === 'IPv4') && !/^\d+$/.test(value) && fields === set.type.split(',').length
  );
}
