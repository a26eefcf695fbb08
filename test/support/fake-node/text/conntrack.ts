import { familyOf } from '../../../../src/net/address.js';
import { parseFilter } from '../conntrack.js';
import type { FakeFlow } from '../kernel.js';
import { type TextPart, wrong } from './part.js';

/**
 * `conntrack -I -p udp -d 10.96.0.9 --dport 53 -r 10.244.1.3`: a UDP flow through a VIP to a backend, whose port may
 * follow: `--reply-port-src 5354`.
 */
export const conntrackPart: TextPart = {
  print: ({ flows }) => [...flows].map(flowLine).sort(),
  run: ({ flows }, words) => {
    const [verb, ...filter] = words;
    const parsed = parseFilter(filter);
    if (verb !== '-I' || typeof parsed === 'string') return wrong('conntrack', words);
    const { address, port, backend, backendPort } = parsed;
    if (port === undefined || backend === undefined) return wrong('conntrack', words);
    flows.add({ address, port, backend, backendPort });
  },
};

const flowLine = ({ address, port, backend, backendPort }: FakeFlow): string =>
  `-I ${familyOf(address) === 'IPv6' ? '-f ipv6 ' : ''}-p udp -d ${address} --dport ${port} -r ${backend}` +
  (backendPort === undefined ? '' : ` --reply-port-src ${backendPort}`);
