import { Address4, Address6 } from 'ip-address';

/** Whether an address lies in a network, both as canonical text; never across families. */
export function isInNetwork(address: string, network: string): boolean {
  if (address.includes(':') !== network.includes(':')) return false;
  return address.includes(':')
    ? new Address6(address).isInSubnet(new Address6(network))
    : new Address4(address).isInSubnet(new Address4(network));
}
