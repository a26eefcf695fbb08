import { type Family, isLinkLocalIpv6 } from '../../../net/address.js';
import type { DatapathIndex } from '../../datapath/datapath-index.js';
import type { Packet } from '../../trace/packet.js';
import type { RuleOption } from '../rule.js';
import type { Effect, TargetContext, TargetKind } from '../target.js';
import { type NatRange, parseNatPorts, parseNatRange } from './nat-range.js';
import { translateDestination, translateSource } from './translate.js';
import { unknownOptionOf } from './unknown-option.js';

/** Options that change which port the kernel chooses, or how it chooses it, and nothing that a Service depends on. */
const portChoices: readonly string[] = ['--random', '--random-fully', '--persistent'];

/** Returns the value of the only option besides those about the choice of ports, or undefined if there are others. */
function onlyValue(options: readonly RuleOption[], name: string): string | undefined {
  const [option, ...more] = options.filter(one => !portChoices.includes(one.name));
  return option?.name === name && more.length === 0 && option.values.length === 1 ? option.values[0] : undefined;
}

/** Returns the ports of `--to-ports`, no range without that option, or undefined if the options are not understood. */
function portsOption(options: readonly RuleOption[]): NatRange | undefined {
  if (options.every(({ name }) => portChoices.includes(name))) return { address: undefined, ports: undefined };
  const ports = parseNatPorts(onlyValue(options, '--to-ports') ?? '');
  return ports && { address: undefined, ports };
}

/** The packet's source becomes the address of the device. If that has none, the kernel drops the packet. */
export const masquerade: TargetKind = {
  name: 'MASQUERADE',
  apply(options, packet, node, { nextHop = packet.destination }) {
    const range = portsOption(options);
    const { family, outputDevice } = packet;
    if (range === undefined) return unknownOptionOf('MASQUERADE', options);
    if (outputDevice === undefined) return { kind: 'unknown', why: 'kproxy does not know the device of the packet' };
    const address = node.masqueradeAddress(family, outputDevice, nextHop);
    if (address === undefined) return { kind: 'drop' };
    return translateSource(packet, { ...range, address });
  },
};

export const snat: TargetKind = {
  name: 'SNAT',
  apply(options, packet) {
    const range = parseNatRange(onlyValue(options, '--to-source') ?? '');
    return range === undefined ? unknownOptionOf('SNAT', options) : translateSource(packet, range);
  },
};

export const dnat: TargetKind = {
  name: 'DNAT',
  apply(options, packet) {
    const range = parseNatRange(onlyValue(options, '--to-destination') ?? '');
    return range === undefined ? unknownOptionOf('DNAT', options) : translateDestination(packet, range);
  },
};

/** The destination becomes the node itself. If the device has no address, the kernel drops the packet. */
export const redirect: TargetKind = {
  name: 'REDIRECT',
  apply(options, packet, node, context) {
    const range = portsOption(options);
    if (range === undefined) return unknownOptionOf('REDIRECT', options);
    const address = redirectAddress(packet, node, context);
    return address === undefined
      ? ({ kind: 'drop' } satisfies Effect)
      : translateDestination(packet, { ...range, address });
  },
};

const loopback: Readonly<Record<Family, string>> = { IPv4: '127.0.0.1', IPv6: '::1' };

/** Source: nf_nat_redirect_ipv4 and nf_nat_redirect_ipv6 in nf_nat_redirect.c. */
function redirectAddress(packet: Packet, node: DatapathIndex, { hook }: TargetContext): string | undefined {
  if (hook === 'OUTPUT') return loopback[packet.family];
  const addresses = node
    .addressesOf(packet.inputDevice ?? '')
    .map(({ address }) => address)
    .filter(address => address.includes(':') === (packet.family === 'IPv6'));
  // The kernel keeps a device's IPv6 addresses with the link-local ones at the end.
  return addresses.find(address => !isLinkLocalIpv6(address)) ?? addresses[0];
}
