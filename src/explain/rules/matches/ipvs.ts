import type { Forwarding, VirtualServerAddress } from '../../../node/element.js';
import type { DatapathIndex } from '../../datapath/datapath-index.js';
import type { Packet } from '../../trace/packet.js';
import { unknownOption } from '../kinds.js';
import { type Answer, answer, both, type MatchKind, no, signed, unknown } from '../match.js';
import { portsAnswer } from '../port-ranges.js';
import type { RuleOption } from '../rule.js';
import { ownOptions, protocolAnswer } from './own-options.js';

/**
 * The IPVS connection of a packet that IPVS has sent on. Before that, the kernel does not look for one: neither for a
 * request in INPUT, nor for an answer in PREROUTING and FORWARD. With other options than `--ipvs` only packets to a
 * real server fit: the kernel does not find the connection of an answer that has the address of the virtual server
 * again. Source: ipvs_mt in xt_ipvs.c.
 */
export const ipvs: MatchKind = {
  name: 'ipvs',
  test(options, packet, node) {
    const { virtual, isSentByIpvs = false } = packet;
    const [first, ...more] = options;
    if (first?.name === '--ipvs' && more.length === 0) return signed(first, answer(isSentByIpvs));
    if (virtual === undefined || !isSentByIpvs || packet.isReply) return no;
    return both(options.map(option => signed(option, optionAnswer(option, packet, virtual, node))));
  },
};

function optionAnswer(option: RuleOption, packet: Packet, virtual: VirtualServerAddress, node: DatapathIndex): Answer {
  const [value = ''] = option.values;
  switch (option.name) {
    case '--ipvs':
      return answer(true);
    case '--vproto':
      return protocolAnswer(value, packet);
    case '--vaddr':
      return ownOptions.test(
        [{ ...option, name: '-d', isNegated: false }],
        { ...packet, destination: virtual.address },
        node,
      );
    case '--vport':
      return portsAnswer(virtual.port, value);
    case '--vdir':
      return answer(value.toUpperCase() === 'ORIGINAL');
    case '--vmethod':
      return methodAnswer(value, packet, virtual, node);
    default:
      return unknownOption('ipvs', option);
  }
}

const methods: ReadonlyMap<Forwarding, string> = new Map([
  ['masquerade', 'MASQ'],
  ['route', 'GATE'],
  ['tunnel', 'IPIP'],
]);

function methodAnswer(wanted: string, packet: Packet, virtual: VirtualServerAddress, node: DatapathIndex): Answer {
  const servers = node.server(virtual)?.realServers ?? [];
  const server = servers.find(
    ({ real }) => real.address === packet.destination && real.port === packet.destinationPort,
  );
  const method = server === undefined ? undefined : methods.get(server.real.forwarding);
  return method === undefined
    ? unknown('kproxy does not know how IPVS forwards the packet')
    : answer(method === wanted);
}
