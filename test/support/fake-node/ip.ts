import { type Family, familyOf, hostPrefix } from '../../../src/net/address.js';
import { canonicalNetwork, hostNetwork } from '../../../src/net/network.js';
import type { CommandResult } from '../../../src/node/access.js';
import type { FakeAddress, FakeKernel, FakeLink } from './kernel.js';
import { parsePrefix } from './kernel.js';
import { done, inputLines, Refusal, refuse, refuseAsTold, refused, unknown } from './outcome.js';

/** Runs `ip …` as kproxy and its scripts call it. */
export function runIp(kernel: FakeKernel, argv: readonly string[], input: string): CommandResult {
  const text = argv.join(' ');
  if (text === '-d -j addr show') return done(renderAddresses(kernel));
  if (argv[0] === '-j' && argv[2] === 'route' && text.endsWith(' route show table all'))
    return done(renderRoutes(kernel, familyOfOption(argv[1])));
  if (argv[0] === '-j' && text.endsWith(' rule show')) return done(renderRules(familyOfOption(argv[1])));
  if (text === '-batch -') return batch(kernel, input);
  if (text === '-force -batch -') return batch(kernel, input, true);
  if (text === '-j -4 route show table local type broadcast') return done(renderBroadcasts(kernel));
  if (text.startsWith('link show '))
    return kernel.links.has(argv[2] ?? '') ? done() : refused(1, `Device "${argv[2]}" does not exist.\n`);
  if (text.startsWith('-o addr show dev ')) return showOne(kernel, argv);
  try {
    change(kernel, argv);
    return done();
  } catch (error) {
    if (error instanceof Refusal) return refused(2, `RTNETLINK answers: ${error.message}\n`);
    throw error;
  }
}

export function renderAddresses(kernel: FakeKernel): string {
  const links = [...kernel.links].map(([ifname, link], index) => ({
    ifindex: index + 1,
    ifname,
    flags: ['BROADCAST', 'NOARP'],
    mtu: 1500,
    ...(link.type === undefined ? {} : { linkinfo: { info_kind: link.type } }),
    addr_info: link.addresses.map(({ address, prefix, peer, expires }) => ({
      family: familyOf(address) === 'IPv6' ? 'inet6' : 'inet',
      local: address,
      ...(peer === undefined ? {} : { address: peer }),
      prefixlen: prefix,
      scope: scopeOf(ifname, address),
      label: ifname,
      valid_life_time: expires === true ? 60 : 4294967295,
    })),
  }));
  return JSON.stringify(links);
}

const familyOfOption = (option: string | undefined): Family =>
  option === '-4' ? 'IPv4' : option === '-6' ? 'IPv6' : unknown(`ip -j ${option}`);

/** Returns the routes that the kernel has because of a node's addresses. */
function renderRoutes({ links }: FakeKernel, family: Family): string {
  const all = [...links].flatMap(([dev, { addresses }]) =>
    addresses
      .filter(({ address }) => familyOf(address) === family)
      .flatMap(({ address, prefix }) => [
        { type: 'local', dst: address, dev, table: 'local', protocol: 'kernel', scope: 'host', flags: [] },
        ...(prefix === hostPrefix(family)
          ? []
          : [{ dst: canonicalNetwork(`${address}/${prefix}`), dev, protocol: 'kernel', scope: 'link', flags: [] }]),
      ]),
  );
  return JSON.stringify(all);
}

const renderBroadcasts = ({ broadcasts }: FakeKernel): string =>
  JSON.stringify([...broadcasts].map(dst => ({ dst, dev: 'eth0', scope: 'link', flags: [] })));

const renderRules = (family: Family): string =>
  JSON.stringify([
    { priority: 0, src: 'all', table: 'local' },
    { priority: 32766, src: 'all', table: 'main' },
    ...(family === 'IPv4' ? [{ priority: 32767, src: 'all', table: 'default' }] : []),
  ]);

const scopeOf = (link: string, address: string): string =>
  link === 'lo' ? 'host' : address.startsWith('fe80:') ? 'link' : 'global';

/** Runs lines up to the first refusal, or all of them. */
function batch(kernel: FakeKernel, input: string, isForced = false): CommandResult {
  let stderr = '';
  for (const { text, number } of inputLines(input)) {
    try {
      const words = text.split(' ');
      if (words[0] !== 'addr' && words[0] !== 'link') unknown(`ip -batch line: ${text}`);
      change(kernel, words);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      stderr += `RTNETLINK answers: ${error.message}\nCommand failed -:${number}\n`;
      if (!isForced) break;
    }
  }
  return stderr === '' ? done() : refused(1, stderr);
}

function change(kernel: FakeKernel, words: readonly string[]): void {
  refuseAsTold(kernel.refusals, words);
  const [object, verb, subject = '', ...rest] = words;
  if (object === 'link' && verb === 'add' && rest.join(' ') === 'type dummy') addLink(kernel, subject);
  else if (object === 'link' && verb === 'del' && rest.length === 0) deleteLink(kernel, subject);
  else if (object === 'addr' && verb === 'flush') flush(kernel, words.slice(2));
  else if (object === 'addr') changeAddress(kernel, verb, words.slice(2));
  else unknown(`ip ${words.join(' ')}`);
}

function changeAddress(kernel: FakeKernel, verb: string | undefined, words: readonly string[]): void {
  const { link, address } = parseAddress(words);
  const { addresses } = kernel.links.get(link) ?? refuse(`Cannot find device "${link}"`);
  const index = addresses.findIndex(other => isSame(other, address));
  if (verb !== 'del' && isRefused(kernel, address, link)) refuse('Permission denied');
  if (verb === 'del') {
    // IPv6 compares the prefix too, and no peer.
    if (index < 0 || addresses[index]?.prefix !== address.prefix) refuse('Cannot assign requested address');
    addresses.splice(index, 1);
  } else if (verb === 'add' && index >= 0) refuse('File exists');
  else if (verb !== 'add' && verb !== 'replace') unknown(`ip addr ${verb}`);
  else if (index < 0) addresses.push(address);
  else addresses[index] = withLifetime(addresses[index] as FakeAddress, address);
}

/** `replace` gives an address a new lifetime, and never another prefix or peer. */
const withLifetime = ({ expires: _, ...address }: FakeAddress, { expires }: FakeAddress): FakeAddress =>
  expires === undefined ? address : { ...address, expires };

/** Parses `10.96.0.1[/32] [peer 10.0.0.9/32] dev kube-ipvs0 [valid_lft 60 preferred_lft 60]`. */
function parseAddress(words: readonly string[]): { readonly link: string; readonly address: FakeAddress } {
  const text = words.join(' ');
  const found = /^(\S+)(?: peer (\S+))? dev (\S+)( valid_lft 60 preferred_lft 60)?$/.exec(text);
  const [, first = '', second, link = '', lifetime] = found ?? unknown(`ip addr … ${text}`);
  const { address, prefix } = withHostPrefix(second ?? first);
  const expires = lifetime === undefined ? {} : { expires: true };
  return {
    link,
    address:
      second === undefined ? { address, prefix, ...expires } : { address: first, prefix, peer: address, ...expires },
  };
}

/** Removes an address from a device, whatever its prefix and peer are. */
function flush(kernel: FakeKernel, [word, name = '', to, text = '', ...more]: readonly string[]): void {
  if (word !== 'dev' || to !== 'to' || more.length > 0) unknown(`ip addr flush of ${name}`);
  const { addresses } = kernel.links.get(name) ?? refuse(`Device "${name}" does not exist.`);
  const rest = addresses.filter(({ address }) => hostNetwork(address) !== text);
  addresses.splice(0, addresses.length, ...rest);
}

/** IPv6 can be off in the kernel, and on single devices. */
const isRefused = ({ lacks, sysctls }: FakeKernel, { address }: FakeAddress, link: string): boolean =>
  familyOf(address) === 'IPv6' && (lacks.has('IPv6') || sysctls.get(disableIpv6(link)) === '1');

const disableIpv6 = (scope: string): string => `net/ipv6/conf/${scope}/disable_ipv6`;

/** An IPv6 address can exist only once on a device. */
const isSame = (one: FakeAddress, other: FakeAddress): boolean =>
  one.address === other.address &&
  (familyOf(one.address) === 'IPv6' || (one.prefix === other.prefix && one.peer === other.peer));
const withHostPrefix = (text: string): FakeAddress => parsePrefix(text.includes('/') ? text : hostNetwork(text));

function addLink(kernel: FakeKernel, name: string): void {
  if (kernel.links.has(name)) refuse('File exists');
  kernel.links.set(name, { type: 'dummy', addresses: [] } satisfies FakeLink);
  const byDefault = kernel.sysctls.get(disableIpv6('default'));
  if (byDefault !== undefined) kernel.sysctls.set(disableIpv6(name), byDefault);
}

function deleteLink(kernel: FakeKernel, name: string): void {
  if (!kernel.links.delete(name)) refuse(`Cannot find device "${name}"`);
  kernel.sysctls.delete(disableIpv6(name));
}

function showOne(kernel: FakeKernel, argv: readonly string[]): CommandResult {
  const [, , , , name = '', to, prefix = '', ...more] = argv;
  if (to !== 'to' || more.length > 0) return unknown(`ip ${argv.join(' ')}`);
  const link = kernel.links.get(name);
  if (link === undefined) return refused(1, `Device "${name}" does not exist.\n`);
  const found = link.addresses.filter(({ address }) => hostNetwork(address) === prefix);
  return done(
    found
      .map(address => `5: ${name}    inet ${addressText(address)} scope global ${name}\\       valid_lft forever\n`)
      .join(''),
  );
}

/** Returns an address as `ip` prints and takes it: `10.96.0.1/32`, `10.96.0.1 peer 10.0.0.9/32`. */
export const addressText = ({ address, prefix, peer }: FakeAddress): string =>
  peer === undefined ? `${address}/${prefix}` : `${address} peer ${peer}/${prefix}`;
