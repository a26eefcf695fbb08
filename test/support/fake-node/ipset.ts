import { isIP } from 'node:net';
import { type Family, hostPrefix } from '../../../src/net/address.js';
import { protocolNames, protocolNumbers, protocols } from '../../../src/net/protocol.js';
import type { CommandResult } from '../../../src/node/access.js';
import type { SetType } from '../../../src/node/element.js';
import type { FakeKernel, FakeSet } from './kernel.js';
import { done, inputLines, Refusal, refuse, refuseAsTold, refused, unknown } from './outcome.js';

const types: readonly SetType[] = ['hash:ip', 'hash:ip,port', 'hash:ip,port,ip', 'hash:ip,port,net', 'bitmap:port'];
const familyNames = { inet: 'IPv4', inet6: 'IPv6' } as const;

/** The name of each protocol, by its name and by its number. */
const namesByText: ReadonlyMap<string, string> = new Map(
  protocols.flatMap(protocol => {
    const name = protocolNames[protocol];
    return [name, String(protocolNumbers[protocol])].map(text => [text, name] as const);
  }),
);

/** Runs `ipset …` as kproxy and its scripts call it. */
export function runIpset(kernel: FakeKernel, argv: readonly string[], input: string): CommandResult {
  const text = argv.join(' ');
  if ((text === 'save' || text === 'list -t -o xml') && kernel.lacks.has('all sets'))
    return refused(1, unknownRevision);
  if (text === 'save') return done(renderIpsetSave(kernel));
  if (text === 'list -n') return done([...kernel.sets.keys(), ''].join('\n'));
  if (/^list (\S+ )?-t -o xml$/.test(text)) return list(kernel, argv.length === 4 ? undefined : argv[1]);
  if (text === '-exist restore') return restore(kernel, input);
  return single(kernel, argv);
}

const unknownRevision =
  'ipset v7.1: Kernel and userspace incompatible: settype hash:net,iface with revision 7 not supported by userspace.\n';

function list(kernel: FakeKernel, name: string | undefined): CommandResult {
  if (name === undefined) return done(renderIpsetList(kernel));
  const set = kernel.sets.get(name);
  if (set === undefined) return refused(1, 'ipset v7.17: The set with the given name does not exist\n');
  return done(renderIpsetList({ ...kernel, sets: new Map([[name, set]]) }));
}

export function renderIpsetSave(kernel: FakeKernel): string {
  const lines = [...kernel.sets].flatMap(([name, set]) => [
    createLine(name, set),
    ...[...set.entries].map(entry => `add ${name} ${entry}${entryExtensions(set)}`),
  ]);
  return lines.map(line => `${line}\n`).join('');
}

const extensionsOf = ({ extensions = [] }: FakeSet): readonly string[] => extensions;
const has = (set: FakeSet, name: string): boolean => extensionsOf(set).some(text => text.split(' ')[0] === name);

/** Returns what extensions add to each entry of a set. */
const entryExtensions = (set: FakeSet): string =>
  [
    has(set, 'timeout') ? ' timeout 59' : '',
    has(set, 'counters') ? ' packets 3 bytes 180' : '',
    has(set, 'comment') ? ' comment "hi there"' : '',
    has(set, 'skbinfo') ? ' skbmark 0x1/0xff' : '',
  ].join('');

const rangeOf = (set: FakeSet): string =>
  extensionsOf(set)
    .find(text => text.startsWith('range '))
    ?.split(' ')[1] ?? '0-65535';
const otherExtensions = (set: FakeSet): readonly string[] =>
  extensionsOf(set).filter(text => !text.startsWith('range '));

function renderIpsetList(kernel: FakeKernel): string {
  const sets = [...kernel.sets].map(([name, set]) => {
    const { type, family, maximum, entries } = set;
    const tags = otherExtensions(set)
      .map(text => text.split(' '))
      .map(([tag, value]) => (value === undefined ? `<${tag}/>` : `<${tag}>${value}</${tag}>`));
    const familyName = family === 'IPv6' ? 'inet6' : 'inet';
    const header =
      type === 'bitmap:port'
        ? `<range>${rangeOf(set)}</range>`
        : `<family>${familyName}</family><hashsize>1024</hashsize><maxelem>${maximum ?? 65536}</maxelem>`;
    return [
      `<ipset name="${name}">\n<type>${type}</type>\n<revision>6</revision>\n<header>${header}${tags.join('')}`,
      `<memsize>240</memsize>\n<references>0</references>\n<numentries>${entries.size}</numentries>`,
      '</header>\n</ipset>\n',
    ].join('\n');
  });
  return `<ipsets>\n${sets.join('')}</ipsets>\n`;
}

function createLine(name: string, set: FakeSet): string {
  const extensions = otherExtensions(set).map(text => ` ${text}`);
  if (set.type === 'bitmap:port') return `create ${name} bitmap:port range ${rangeOf(set)}${extensions.join('')}`;
  const family = set.family === 'IPv6' ? 'inet6' : 'inet';
  const limits = `hashsize 1024 maxelem ${set.maximum ?? 65536}${extensions.join('')} bucketsize 12 initval 0x86785a7e`;
  return `create ${name} ${set.type} family ${family} ${limits}`;
}

function restore(kernel: FakeKernel, input: string): CommandResult {
  for (const { text, number } of inputLines(input)) {
    try {
      change(kernel, text.split(' '), true);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return refused(1, `ipset v7.17: Error in line ${number}: ${error.message}\n`);
    }
  }
  return done();
}

function single(kernel: FakeKernel, argv: readonly string[]): CommandResult {
  const [verb, name = '', value = ''] = argv;
  if (verb === '-n' && name === 'list' && argv.length === 3)
    return kernel.sets.has(value)
      ? done(`${value}\n`)
      : refused(1, 'ipset v7.17: The set with the given name does not exist\n');
  if (verb === 'save' && argv.length === 2)
    return kernel.sets.has(name)
      ? done(renderIpsetSave({ ...kernel, sets: new Map([[name, existing(kernel, name)]]) }))
      : refused(1, 'ipset v7.17: The set with the given name does not exist\n');
  if (verb === 'test' && argv.length === 3)
    return setOf(kernel, name)?.entries.has(canonicalEntry(value, setOf(kernel, name) as FakeSet))
      ? done()
      : refused(1, 'is NOT in set\n');
  const exist = verb === '-exist';
  try {
    change(kernel, exist ? argv.slice(1) : argv, exist);
    return done();
  } catch (error) {
    if (error instanceof Refusal) return refused(1, `ipset v7.17: ${error.message}\n`);
    throw error;
  }
}

const setOf = (kernel: FakeKernel, name: string): FakeSet | undefined => kernel.sets.get(name);
const existing = (kernel: FakeKernel, name: string): FakeSet =>
  kernel.sets.get(name) ?? refuse('The set with the given name does not exist');

function change(kernel: FakeKernel, words: readonly string[], exist: boolean): void {
  refuseAsTold(kernel.refusals, words);
  const [verb, name = '', value] = words;
  if (verb === 'create' && words.length >= 3) create(kernel, name, words.slice(2), exist);
  else if (verb === 'add' && words.length === 3) add(existing(kernel, name), value as string, exist);
  else if (verb === 'del' && words.length === 3) del(existing(kernel, name), value as string, exist);
  else if (verb === 'destroy' && words.length === 2) destroy(kernel, name);
  else if (verb === 'flush' && words.length === 2) existing(kernel, name).entries.clear();
  else if (verb === 'swap' && words.length === 3) swap(kernel, name, value as string);
  else unknown(`ipset ${words.join(' ')}`);
}

function create(kernel: FakeKernel, name: string, [type, ...options]: readonly string[], exist: boolean): void {
  const set = newSet(name, type as SetType, options);
  const known = kernel.sets.get(name);
  if (known === undefined) {
    kernel.sets.set(name, set);
    return;
  }
  // With -exist the kernel ignores a different family.
  const isSame =
    known.type === set.type &&
    (known.maximum ?? 65536) === (set.maximum ?? 65536) &&
    [...extensionsOf(known)].sort().join() === [...extensionsOf(set)].sort().join();
  if (!exist || !isSame) refuse('Set cannot be created: set with the same name already exists');
}

export function newSet(name: string, type: SetType, options: readonly string[]): FakeSet {
  if (!types.includes(type)) unknown(`set type ${type}`);
  if (name.length > 31) refuse(`Syntax error: setname '${name}' is longer than 31 characters`);
  const words = [...options];
  const option = (key: string): string | undefined => {
    const index = words.indexOf(key);
    return index < 0 ? undefined : words.splice(index, 2)[1];
  };
  const range = option('range');
  if (type === 'bitmap:port' && range === undefined) unknown('a bitmap:port without a range');
  const extensions = range === undefined || range === '0-65535' ? [] : [`range ${range}`];
  for (const name of ['netmask', 'timeout']) {
    const value = option(name);
    if (value !== undefined) extensions.push(`${name} ${value}`);
  }
  for (const name of ['counters', 'comment', 'skbinfo'])
    if (words.includes(name)) extensions.push(...words.splice(words.indexOf(name), 1));
  const maximum = option('maxelem');
  const family: Family = familyNames[(option('family') ?? 'inet') as keyof typeof familyNames] ?? unknown('family');
  if (words.length > 0) unknown(`ipset create … ${words.join(' ')}`);
  return {
    type,
    family: type === 'bitmap:port' ? undefined : family,
    maximum: maximum === undefined ? undefined : Number(maximum),
    ...(extensions.length === 0 ? {} : { extensions }),
    entries: new Set(),
  };
}

function add(set: FakeSet, value: string, exist: boolean): void {
  const entry = canonicalEntry(value, set);
  if (set.entries.has(entry)) {
    if (!exist) refuse("Element cannot be added to the set: it's already added");
    return;
  }
  if (set.type !== 'bitmap:port' && set.entries.size >= (set.maximum ?? 65536))
    refuse('Hash is full, cannot add more elements');
  set.entries.add(entry);
}

function del(set: FakeSet, value: string, exist: boolean): void {
  if (!set.entries.delete(canonicalEntry(value, set)) && !exist)
    refuse("Element cannot be deleted from the set: it's not added");
}

function destroy(kernel: FakeKernel, name: string): void {
  existing(kernel, name);
  if (isReferenced(kernel, name)) refuse('Set cannot be destroyed: it is in use by a kernel component');
  kernel.sets.delete(name);
}

function swap({ sets }: FakeKernel, one: string, other: string): void {
  const [first, second] = [one, other].map(
    name => sets.get(name) ?? refuse('The set with the given name does not exist'),
  ) as [FakeSet, FakeSet];
  if (first.type !== second.type || first.family !== second.family)
    refuse('The sets cannot be swapped: their type does not match');
  sets.set(one, second);
  sets.set(other, first);
}

function isReferenced(kernel: FakeKernel, name: string): boolean {
  for (const tables of Object.values(kernel.tables))
    for (const table of tables.values())
      for (const { rules } of table.values())
        if (
          rules.some(rule =>
            rule.some((word, at) => word === name && /^--(match|add|del)-set$/.test(rule[at - 1] ?? '')),
          )
        )
          return true;
  return false;
}

/** Returns the entry as `ipset save` prints it. Refuses what the set's type does not hold. */
export function canonicalEntry(value: string, set: FakeSet): string {
  const [first = '', port, third, ...more] = value.split(',');
  if (more.length > 0) refuse(`Syntax error: Third element is missing from ${value}`);
  const parts = set.type === 'bitmap:port' ? [portNumber(first)] : [addressOf(first, set.family)];
  if (set.type.startsWith('hash:ip,port')) parts.push(portText(port ?? ''));
  if (set.type === 'hash:ip,port,ip') parts.push(addressOf(third ?? '', set.family));
  if (set.type === 'hash:ip,port,net') parts.push(networkOf(third ?? '', set.family));
  if (parts.length !== value.split(',').length) refuse(`Syntax error: ${value} is no element of ${set.type}`);
  return parts.join(',');
}

function addressOf(text: string, family: Family | undefined): string {
  if (isIP(text) !== (family === 'IPv6' ? 6 : 4))
    refuse(`Syntax error: cannot parse ${text}: resolving to an address of the family failed`);
  return text;
}

function networkOf(text: string, family: Family | undefined): string {
  const [address = '', prefix] = text.split('/');
  addressOf(address, family);
  const longest = hostPrefix(family ?? 'IPv4');
  if (prefix === undefined || Number(prefix) === longest) return address;
  if (!(Number(prefix) > 0 && Number(prefix) < longest))
    refuse('The value of the CIDR parameter of the IP address is invalid');
  return text;
}

function portNumber(text: string): string {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) refuse(`Syntax error: '${text}' is invalid as port number`);
  return String(Number(text));
}

function portText(text: string): string {
  const [protocol = '', port = ''] = text.split(':');
  const name = namesByText.get(protocol) ?? refuse(`Syntax error: cannot parse '${protocol}' as a protocol`);
  return `${name}:${portNumber(port)}`;
}
