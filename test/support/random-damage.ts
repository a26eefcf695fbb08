import fc from 'fast-check';
import { addressAndPort } from '../../src/net/address.js';
import type { Chain, Element, Jumps, VirtualServer } from '../../src/node/element.js';
import { temporaryNames } from '../../src/node/names.js';
import type { NodeState } from '../../src/node/state.js';
import { nodeState } from '../../src/node/state.js';
import { behindRules, withConnections } from './kernel-element.js';

type Damages = {
  readonly [Kind in Element['kind']]: (element: Extract<Element, { kind: Kind }>) => readonly (Element | undefined)[];
};

const toTemporary = (word: string, index: number, argv: readonly string[]): string =>
  argv[index - 1] === '--match-set' ? temporaryName(word) : word;

const temporaryName = (set: string): string => temporaryNames(set)[0] ?? '';

/** How other software, or an interrupted run, can damage each kind of element besides removing it. */
const damages: Damages = {
  module: element => [element],
  sysctl: element => [
    { ...element, value: element.value === '0' ? '1' : '0' },
    { ...element, value: element.atLeast ? String(Number(element.value) + 1) : '2' },
  ],
  'ipvs-timeouts': element => [{ ...element, tcp: element.tcp + 1 }],
  // Recreating a link of another type would remove the addresses, which show that virtual servers are kproxy's.
  link: element => [element],
  address: element => [
    { ...element, prefix: element.prefix - 1 },
    { ...element, peer: element.address.includes(':') ? 'fd00:9::9' : '192.0.2.9' },
    { ...element, expires: true },
  ],
  set: element => [
    {
      ...element,
      type: element.type === 'hash:ip' ? 'hash:ip,port' : 'hash:ip',
      family: element.family ?? 'IPv4',
    },
    {
      ...element,
      extensions: element.type === 'bitmap:port' ? ['range 0-40000', 'comment'] : ['timeout 600', 'counters'],
    },
    // These entries also show that virtual servers are kproxy's, and a set that no rule names gets no temporary set.
    { ...element, maximum: /SCTP|^bitmap/.test(`${element.type} ${element.name}`) ? element.maximum : 4 },
  ],
  entry: () => [undefined],
  chain: element => [
    { ...element, rules: element.rules.slice(1) },
    { ...element, rules: [...element.rules].reverse() },
    { ...element, rules: [] },
    { ...element, rules: element.rules.map(rule => rule.map(toTemporary)) },
  ],
  jumps: element => [
    { ...element, rules: [...element.rules, ...element.rules.slice(0, 1)] },
    behindRules(element, '-s 192.0.2.0/24 -j DROP'),
    { ...element, rules: element.rules.slice(1) },
  ],
  'virtual-server': element => [
    { ...element, scheduler: element.scheduler === 'lc' ? 'wrr' : 'lc', flags: [] },
    { ...element, persistence: { seconds: 77, netmask: element.address.includes(':') ? '128' : '255.255.255.255' } },
    { ...element, onePacket: true },
    { ...element, persistenceEngine: 'sip' },
  ],
  'real-server': element => [
    { ...element, weight: 0 },
    // On a node port, other forwarding shows that a virtual server is not kproxy's.
    { ...element, forwarding: element.server.port < 30000 ? 'route' : element.forwarding },
    withConnections(element, 2, 1),
    withConnections({ ...element, weight: 0 }, 0, 1),
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

/**
 * Returns states with some of the given elements unchanged, some damaged, some missing, and sometimes temporary sets.
 */
export const partOf = (state: NodeState): fc.Arbitrary<NodeState> => {
  const nothing: fc.Arbitrary<readonly Element[]> = fc.constant([]);
  const left = fc.oneof({ weight: 2, arbitrary: nothing }, { weight: 1, arbitrary: someOf(temporarySetsFor(state)) });
  return fc
    .tuple(someOf([...state.values()]), left)
    .map(([some, temporarySets]) => withoutOrphans(asHeld(nodeState([...some, ...temporarySets]))));
};

const someOf = (elements: readonly Element[]): fc.Arbitrary<readonly Element[]> =>
  fc
    .array(fate, { minLength: elements.length, maxLength: elements.length })
    .map(fates => elements.flatMap((element, index) => meet(element, fates[index] ?? 'kept')));

/** Returns a temporary set for each set, with all its entries. */
const temporarySetsFor = (state: NodeState): readonly Element[] =>
  [...state.values()].flatMap((element): Element[] => {
    if (element.kind === 'set') return [{ ...element, name: temporaryName(element.name) }];
    return element.kind === 'entry' ? [{ ...element, set: temporaryName(element.set) }] : [];
  });

function meet(element: Element, fate: 'kept' | 'gone' | number): readonly Element[] {
  if (fate === 'gone') return element.kind === 'module' ? [element] : [];
  const left = fate === 'kept' ? element : damaged(element, fate);
  return left === undefined ? [] : [left];
}

/** A set of addresses holds only an entry's address, with which the rules match more than they should. */
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
 * Removes what a kernel cannot have: entries that their set does not hold, jumps to missing chains, rules about missing
 * sets. Also removes virtual servers that neither an address nor a port shows to be kproxy's.
 */
function withoutOrphans(all: NodeState): NodeState {
  const held = kept(all, element => isHeld(element, all));
  const known = kept(held, element => element.kind !== 'virtual-server' || isKnownAsOwn(element, held));
  return nodeState(
    [...known.values()].flatMap((element): Element[] => {
      if (element.kind === 'real-server')
        return known.has(
          `virtual-server ${element.server.protocol} ${addressAndPort(element.server.address, element.server.port)}`,
        )
          ? [element]
          : [];
      if (element.kind === 'chain' || element.kind === 'jumps')
        return [{ ...element, rules: element.rules.filter(rule => isPossible(rule, element, known)) }];
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
  const prefix = address.includes(':') ? 'KUBE-6' : 'KUBE';
  if (protocol !== 'SCTP') return isListed(new RegExp(`^${prefix}-NODE-PORT-${protocol}$`), String(port));
  return isListed(/^KUBE-(6-)?NODE-PORT-SCTP-HASH$/, `${address},sctp:${port}`);
}

function fits(value: string, set: Element | undefined): boolean {
  if (set?.kind !== 'set') return false;
  if (set.type === 'bitmap:port') return /^\d+$/.test(value);
  const fields = value.split(',').length;
  return (
    value.includes('.') === (set.family === 'IPv4') && !/^\d+$/.test(value) && fields === set.type.split(',').length
  );
}
