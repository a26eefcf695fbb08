import { canonicalAddress } from '../../net/address.js';

/** The routing flag of a route that leads to a gateway (RTF_GATEWAY). */
const toGateway = 0x2;

/** Yields the gateways of the default routes in /proc/net/route, whose addresses are little-endian. */
export function* defaultGateways(text: string): Generator<string> {
  for (const line of text.split('\n').slice(1)) {
    const [, destination, gateway = '', flags = '0', , , , mask] = line.split('\t').map(word => word.trim());
    if (destination !== '00000000' || mask !== '00000000' || !isToGateway(flags)) continue;
    const bytes = gateway.match(/../g)?.map(byte => Number.parseInt(byte, 16)) ?? [];
    yield bytes.reverse().join('.');
  }
}

/** Yields the gateways of the default routes in /proc/net/ipv6_route. */
export function* defaultGateways6(text: string): Generator<string> {
  for (const line of text.split('\n')) {
    const [destination = '', length, , , gateway = '', , , , flags = '0'] = line.split(/ +/);
    if (!/^0+$/.test(destination) || length !== '00' || !isToGateway(flags)) continue;
    const address = canonicalAddress(gateway.match(/..../g)?.join(':') ?? '');
    if (address !== undefined) yield address;
  }
}

const isToGateway = (flags: string): boolean => (Number.parseInt(flags, 16) & toGateway) !== 0;
