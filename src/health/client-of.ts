/** Returns whom an address belongs to: a host has at least 2^64 IPv6 addresses, and IPv4 ones may be mapped. */
export function clientOf(address: string): string {
  if (!address.includes(':')) return address;
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  const [head = ''] = address.split('::');
  const groups = head.split(':');
  return [...groups, '0', '0', '0'].slice(0, 4).join(':');
}
