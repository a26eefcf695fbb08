import { describe, expect, test } from 'vitest';
import type { DatapathIndex } from '../../../src/explain/datapath/datapath-index.js';
import { type TableOutcome, walkTable } from '../../../src/explain/rules/table/walk-table.js';
import type { Packet } from '../../../src/explain/trace/packet.js';
import type { Hook, Trace } from '../../../src/explain/trace/trace.js';
import { type Family, families } from '../../../src/net/address.js';
import type { RuleTable } from '../../../src/node/datapath/datapath.js';
import { sampleNode, samplePacket } from '../../explain/rules/support/sample-node.js';
import { output, useSandbox } from '../support/guest.js';
import { buildRulesNetwork, nodeAddresses } from './support/rules-network.js';
import { type SentPacket, sendPackets } from './support/send-packets.js';
import { packetsThroughTables, readTables, tablesInput } from './support/tables-to-walk.js';

const sandbox = useSandbox({}, buildRulesNetwork);

/** What happens to one packet: which rules match how often, and what its connection becomes. */
interface Fate {
  /** `nat PREROUTING 1` → packets. */
  readonly matched: Readonly<Record<string, number>>;
  /** The ends after all changes, or undefined if the packet is dropped. */
  readonly ends: string | undefined;
}

const endsText = ({ source, sourcePort, destination, destinationPort }: Packet): string =>
  `${source} ${sourcePort} -> ${destination} ${destinationPort}`;

/** Walks a packet through the tables of the test as the engine does, with the device where it leaves. */
function walkAll(node: DatapathIndex, packet: Packet): Fate {
  const matched: Record<string, number> = {};
  const through = (table: string, hook: Hook, before: Packet): TableOutcome => {
    const outcomes: TableOutcome[] = [];
    const go = (outcome: TableOutcome): Trace => {
      outcomes.push(outcome);
      return { steps: [], end: { kind: 'end', verdict: 'answered', clientSees: '' } };
    };
    walkTable(node, { table, hook, way: 'there' }, before, () => undefined, go);
    const [outcome] = outcomes;
    if (outcome === undefined || outcomes.length > 1) throw new Error(`${table} ${hook}: ${outcomes.length} ways`);
    for (const { chain, number, matched: is } of outcome.step.rules) {
      const key = `${table} ${chain} ${number}`;
      if (is === 'yes') matched[key] = (matched[key] ?? 0) + 1;
    }
    return outcome;
  };
  const isOwn = packet.inputDevice === undefined;
  const first = isOwn ? undefined : through('mangle', 'PREROUTING', packet);
  if (first?.result === 'drop') return { matched, ends: undefined };
  const changed = through('nat', isOwn ? 'OUTPUT' : 'PREROUTING', first?.packet ?? packet).packet;
  if (!isOwn && node.isLocal(changed.destination)) return { matched, ends: endsText(changed) };
  const outputDevice = node.isLocal(changed.destination) ? 'lo' : 'out0';
  const last = through('nat', 'POSTROUTING', { ...changed, outputDevice }).packet;
  if (outputDevice === 'lo') through('mangle', 'PREROUTING', { ...last, inputDevice: 'lo', outputDevice: undefined });
  return { matched, ends: endsText(last) };
}

/** Reads what the kernel has done: the counters that grew, and the connection's answer as conntrack expects it. */
function kernelFate(before: readonly RuleTable[], after: readonly RuleTable[], conntrack: string): Fate {
  const matched: Record<string, number> = {};
  for (const { name, chains } of after)
    for (const chain of chains)
      for (const [index, { packets = 0 }] of chain.rules.entries()) {
        const old = before.find(table => table.name === name)?.chains.find(one => one.name === chain.name);
        const count = packets - (old?.rules[index]?.packets ?? 0);
        if (count > 0) matched[`${name} ${chain.name} ${index + 1}`] = count;
      }
  const ends = /src=\S+ dst=\S+ sport=\d+ dport=\d+ .*src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/.exec(conntrack);
  const [, source, destination, sourcePort, destinationPort] = ends ?? [];
  return { matched, ends: ends === null ? undefined : `${destination} ${destinationPort} -> ${source} ${sourcePort}` };
}

const asPacket = (family: Family, sent: SentPacket): Packet => {
  const { from, protocol, source, sourcePort, destination, destinationPort } = sent;
  const ends = { source, sourcePort, destination, destinationPort };
  return samplePacket({ family, protocol, ...ends, inputDevice: from === undefined ? undefined : 'in0' });
};

describe.each(families)('packets of %s in tables with jumps, marks and translations', family => {
  const iptables = family === 'IPv4' ? 'iptables' : 'ip6tables';
  const command = `${iptables}-save -c -t mangle; ${iptables}-save -c -t nat
echo === connections
conntrack -L -f ${family.toLowerCase()} 2>/dev/null; conntrack -F 2>/dev/null`;

  test('match the rules that the kernel counts, and become what conntrack says', async () => {
    await output(sandbox(), [`${iptables}-restore`, '--noflush'], { input: tablesInput(family) });
    const sent = packetsThroughTables(family);
    const printed = await sendPackets(sandbox(), sent, ['sh', '-c', command]);
    const seen = printed.map(text => {
      const [save = '', conntrack = ''] = text.split('=== connections\n');
      return { tables: readTables(family, save), conntrack };
    });
    const node = sampleNode({ tables: seen[0]?.tables ?? [], addresses: nodeAddresses });
    const expected = sent.map(packet => walkAll(node, asPacket(family, packet)));
    const actual = sent.map((_, index) => {
      const [before, after] = seen.slice(index, index + 2);
      return kernelFate(before?.tables ?? [], after?.tables ?? [], after?.conntrack ?? '');
    });
    expect(expected).toEqual(actual);
    expect(new Set(actual.map(({ ends }) => ends)).size).toBeGreaterThan(10);
  });
});
