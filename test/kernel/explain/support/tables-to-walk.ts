import type { Family } from '../../../../src/net/address.js';
import type { RuleChain, RuleTable } from '../../../../src/node/datapath/datapath.js';
import { splitRule } from '../../../../src/node/tools/iptables-save.js';
import { host } from './rules-to-ask.js';
import type { SentPacket } from './send-packets.js';

/** Returns the input of iptables-restore for tables with jumps, gotos, marks and all translations. */
export function tablesInput(family: Family): string {
  const at = (network: number, machine: number) => host(family, network, machine);
  const withPort = (address: string, port: number) =>
    family === 'IPv4' ? `${address}:${port}` : `[${address}]:${port}`;
  return [
    '*mangle',
    ...[':ONE - [0:0]', ':TWO - [0:0]', ':THREE - [0:0]'],
    `-A PREROUTING -s ${at(1, 9)} -j MARK --set-xmark 0x10/0x10`,
    '-A PREROUTING -m mark --mark 0x10/0x10 -j ONE',
    '-A PREROUTING -p udp -g TWO',
    '-A PREROUTING -p tcp -j CONNMARK --set-xmark 0x5/0xf',
    '-A PREROUTING -p tcp -j CONNMARK --restore-mark --nfmask 0x7 --ctmask 0xf',
    '-A PREROUTING -m mark --mark 0x5/0xf',
    '-A PREROUTING -j MARK --or-mark 0x300',
    '-A PREROUTING -j MARK --xor-mark 0x101',
    '-A PREROUTING -j MARK --and-mark 0xfffffffb',
    '-A PREROUTING -m mark --mark 0x200/0xffff',
    '-A PREROUTING -m mark --mark 0x201/0xf0f',
    '-A PREROUTING -p tcp -m tcp --dport 666 -j DROP',
    '-A PREROUTING -j RETURN',
    '-A PREROUTING -j DROP',
    '-A ONE -j MARK --set-xmark 0x20/0x20',
    '-A ONE -p tcp -j RETURN',
    '-A ONE -g TWO',
    '-A ONE -j DROP',
    '-A TWO -p udp -j CONNMARK --save-mark',
    '-A TWO -m connmark --mark 0x30/0xf0',
    '-A TWO -j THREE',
    '-A TWO -p udp -m udp --dport 54 -j ACCEPT',
    '-A TWO -p sctp',
    '-A THREE -j RETURN',
    '-A THREE -j DROP',
    'COMMIT',
    '*nat',
    `-A PREROUTING -d ${at(2, 61)} -p tcp -j DNAT --to-destination ${withPort(at(2, 5), 8080)}`,
    `-A PREROUTING -d ${at(2, 62)} -j DNAT --to-destination ${at(2, 5)}`,
    `-A PREROUTING -d ${at(2, 63)} -p udp -j REDIRECT --to-ports 99`,
    `-A PREROUTING -d ${at(2, 64)} -p tcp -j DNAT --to-destination :70-90`,
    `-A PREROUTING -d ${at(2, 0x65)} -p tcp -j REDIRECT`,
    `-A OUTPUT -d ${at(2, 63)} -p udp -j REDIRECT --to-ports 99`,
    `-A POSTROUTING -d ${at(2, 5)} -p tcp -j MASQUERADE`,
    `-A POSTROUTING -d ${at(2, 5)} -p sctp -j MASQUERADE --to-ports 1234`,
    `-A POSTROUTING -d ${at(2, 5)} -p udp -j SNAT --to-source ${at(2, 9)}`,
    `-A POSTROUTING -d ${at(2, 64)} -p tcp -j SNAT --to-source ${withPort(at(2, 9), 4321)}`,
    `-A POSTROUTING -d ${at(2, 66)} -p tcp -j SNAT --to-source ${at(2, 1)}-${at(2, 1)}`,
    'COMMIT',
    '',
  ].join('\n');
}

/** Returns packets that pass these tables: each is the first of a connection. */
export function packetsThroughTables(family: Family): readonly SentPacket[] {
  const at = (network: number, machine: number) => host(family, network, machine);
  const from = { from: 'c0', source: at(1, 2), destination: at(2, 5) };
  const tcp = { ...from, protocol: 'TCP', destinationPort: 80 } as const;
  const udp = { ...from, protocol: 'UDP', destinationPort: 53 } as const;
  const sctp = { ...from, protocol: 'SCTP', destinationPort: 9999 } as const;
  const own = { ...udp, from: undefined, source: at(2, 1) };
  const packets = [
    tcp,
    udp,
    sctp,
    { ...tcp, source: at(1, 9) },
    { ...udp, source: at(1, 9) },
    { ...udp, source: at(1, 9), destinationPort: 54 },
    { ...sctp, source: at(1, 9) },
    { ...tcp, destinationPort: 666 },
    { ...tcp, destination: at(2, 61) },
    { ...udp, destination: at(2, 62) },
    { ...udp, destination: at(2, 63) },
    { ...tcp, destination: at(2, 64) },
    { ...tcp, destination: at(2, 0x65) },
    { ...tcp, destination: at(2, 66) },
    own,
    { ...own, destination: at(2, 63) },
  ];
  return packets.map((packet, index) => ({ ...packet, sourcePort: 41_001 + index }));
}

/** Reads the output of `iptables-save -c`. */
export function readTables(family: Family, text: string): readonly RuleTable[] {
  const tables: { family: Family; name: string; chains: (RuleChain & { rules: RuleChain['rules'][number][] })[] }[] =
    [];
  for (const line of text.split('\n')) {
    const chains = tables.at(-1)?.chains;
    const [, chain, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    const [, packets, name, rule = ''] = /^\[(\d+):\d+\] -A (\S+) ?(.*)$/.exec(line) ?? [];
    if (line.startsWith('*')) tables.push({ family, name: line.slice(1), chains: [] });
    if (chain !== undefined) chains?.push({ name: chain, policy: policy === '-' ? undefined : policy, rules: [] });
    chains
      ?.find(one => one.name === name)
      ?.rules.push({ argv: rule === '' ? [] : splitRule(rule), packets: Number(packets) });
  }
  return tables;
}
