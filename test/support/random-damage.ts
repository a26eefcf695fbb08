import fc from 'fast-check';
import type { Chain, Element, Jumps, VirtualServer } from '../../src/node/element.js';
import { standInNames } from '../../src/node/names.js';
import type { NodeState } from '../../src/node/state.js';
import { nodeState } from '../../src/node/state.js';

type Damages = {
  readonly [Kind in Element['kind']]: (element: Extract<Element, { kind: Kind }>) => readonly (Element | undefined)[];
};

const toStandIn = (word: string, index: number, argv: readonly string[]): string =>
  argv[index - 1] === '--match-set' ? standInName(word) : word;

const standInName = (set: string): string => standInNames(set)[0] ?? '';

/** What somebody, or an interrupted run, can do to each kind of element, besides taking it away. */
const damages: Damages = {
  module: element => [element],
  sysctl: element => [{ ...element, value: element.value === '0' ? '1' : '0' }],
  // Of another type it would be made anew, which takes the addresses away by which virtual servers are known for kproxy's.
  link: element => [element],
  address: element => [{ ...element, prefix: element.prefix - 1 }],
  set: element => [
    {
      ...element,
      type: element.type === 'hash:ip' ? 'hash:ip,port' : 'hash:ip',
      family: element.family ?? 'IPv4',
    },
    // By these entries too virtual servers are known, and where no rule names the set, nothing stands in for it.
    { ...element, maximum: /SCTP|^bitmap/.test(`${element.type} ${element.name}`) ? element.maximum : 4 },
  ],
  entry: () => [undefined],
  chain: element => [
    { ...element, rules: element.rules.slice(1) },
    { ...element, rules: [...element.rules].reverse() },
    { ...element, rules: [] },
    { ...element, rules: element.rules.map(rule => ({ ...rule, argv: rule.argv.map(toStandIn) })) },
  ],
  jumps: element => [
    { ...element, rules: [...element.rules, ...element.rules.slice(0, 1)] },
    { ...element, behind: ['-s 192.0.2.0/24 -j DROP'] },
    { ...element, rules: element.rules.slice(1) },
  ],
  'virtual-server': element => [
    { ...element, scheduler: element.scheduler === 'lc' ? 'wrr' : 'lc', flags: [] },
    { ...element, persistence: { seconds: 77, netmask: element.address.includes(':') ? '128' : '255.255.255.255' } },
  ],
  'real-server': element => [
    { ...element, weight: 0 },
    { ...element, forwarding: 'route' },
    { ...element, connections: { active: 2, inactive: 1 } },
    { ...element, weight: 0, connections: { active: 0, inactive: 1 } },
  ],
  flow: () => [undefined],
};

function damaged(element: Element, choice: number): Element | undefined {
  const choices = (damages[element.kind] as (element: Element) => readonly (Element | undefined)[])(element);
  return choices[choice % choices.length];
}

const fate = fc.oneof(
  { weight: 6, arbitrary: fc.constant('kept' as const) },
  { weight: 2, arbitrary: fc.nat({ max: 11 }) },
  { weight: 2, arbitrary: fc.constant('gone' as const) },
);

/** A state that has some elements as they are, some damaged, and some not at all, of those given; and now and then what an interrupted run left. */
export const partOf = (state: NodeState): fc.Arbitrary<NodeState> => {
  const nothing: fc.Arbitrary<readonly Element[]> = fc.constant([]);
  const left = fc.oneof({ weight: 2, arbitrary: nothing }, { weight: 1, arbitrary: someOf(standInsFor(state)) });
  return fc
    .tuple(someOf([...state.values()]), left)
    .map(([some, standIns]) => withoutOrphans(asHeld(nodeState([...some, ...standIns]))));
};

const someOf = (elements: readonly Element[]): fc.Arbitrary<readonly Element[]> =>
  fc
    .array(fate, { minLength: elements.length, maxLength: elements.length })
    .map(fates => elements.flatMap((element, index) => meet(element, fates[index] ?? 'kept')));

/** What stands in for each set, with all its entries. */
const standInsFor = (state: NodeState): readonly Element[] =>
  [...state.values()].flatMap((element): Element[] => {
    if (element.kind === 'set') return [{ ...element, name: standInName(element.name) }];
    return element.kind === 'entry' ? [{ ...element, set: standInName(element.set) }] : [];
  });

function meet(element: Element, fate: 'kept' | 'gone' | number): readonly Element[] {
  if (fate === 'gone') return element.kind === 'module' ? [element] : [];
  const left = fate === 'kept' ? element : damaged(element, fate);
  return left === undefined ? [] : [left];
}

/** A set of addresses holds an entry's address, by which the rules find what they should and more. */
const asHeld = (all: NodeState): NodeState =>
  nodeState(
    [...all.values()].map(element => {
      const set = element.kind === 'entry' ? all.get(`set ${element.set}`) : undefined;
      return element.kind === 'entry' && set?.kind === 'set' && set.type === 'hash:ip'
        ? { ...element, value: element.value.split(',')[0] ?? '' }
        : element;
    }),
  );

/**
 * What the kernel cannot have is taken out: an entry that its set does not hold, a jump to no chain, a rule about no set. So are virtual
 * servers by whose address or port nobody can tell that they are kproxy's.
 */
function withoutOrphans(all: NodeState): NodeState {
  const held = kept(all, element => isHeld(element, all));
  const known = kept(held, element => element.kind !== 'virtual-server' || isKnownAsOwn(element, held));
  return nodeState(
    [...known.values()].flatMap((element): Element[] => {
      if (element.kind === 'real-server')
        return known.has(`virtual-server ${element.server.protocol} ${text(element.server)}`) ? [element] : [];
      if (element.kind === 'chain' || element.kind === 'jumps')
        return [{ ...element, rules: element.rules.filter(rule => isPossible(rule.argv, element, known)) }];
      return [element];
    }),
  );
}

const kept = (state: NodeState, isKept: (element: Element) => boolean): NodeState =>
  nodeState([...state.values()].filter(isKept));

function isHeld(element: Element, state: NodeState): boolean {
  if (element.kind === 'entry') return fits(element.value, state.get(`set ${element.set}`));
  return element.kind !== 'address' || state.has(`link ${element.link}`);
}

function isPossible(argv: readonly string[], { family, table }: Chain | Jumps, state: NodeState): boolean {
  const after = (word: string) => (argv.includes(word) ? argv[argv.indexOf(word) + 1] : undefined) ?? '';
  const [target, set] = [after('-j'), after('--match-set')];
  return (
    (!target.startsWith('KUBE-') || state.has(`chain ${family} ${table} ${target}`)) &&
    (set === '' || state.has(`set ${set}`))
  );
}

function isKnownAsOwn({ protocol, address, port }: VirtualServer, state: NodeState): boolean {
  const elements = [...state.values()];
  const isListed = (set: RegExp, value: string) =>
    elements.some(element => element.kind === 'entry' && set.test(element.set) && element.value === value);
  if (elements.some(element => element.kind === 'address' && element.address === address)) return true;
  if (protocol !== 'SCTP') return isListed(new RegExp(`^KUBE-(6-)?NODE-PORT-${protocol}$`), String(port));
  return isListed(/^KUBE-(6-)?NODE-PORT-SCTP-HASH$/, `${address},sctp:${port}`);
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
