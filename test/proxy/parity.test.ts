import { describe, expect, test } from 'vitest';
import type { Family } from '../../src/net/address.js';
import { type FakeNode, runCommand } from '../support/fake-node/index.js';
import {
  destinationsOf,
  hooks,
  type Packet,
  packetsTo,
  packetText,
  type RuleSet,
  ruleSetOf,
  trace,
} from '../support/packet-tracer/index.js';
import { type ParityCase, parityCases } from '../support/parity-case.js';
import { syncedNode } from '../support/synced-node.js';

/*
 * Compares kproxy with what kube-proxy v1.37.2 left in the kernel for the same cluster. Virtual servers, addresses,
 * entries and kernel parameters must be the same. Rules may differ, but must do the same to every packet.
 */
const syncedFor = ({ cluster, options }: ParityCase) => syncedNode(cluster, options);
const output = ({ kernel }: FakeNode, ...argv: string[]): string => runCommand(kernel, { argv }).stdout;
const sortedLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
    .sort();

test('every recorded case is compared', () => expect(parityCases).toHaveLength(15));

describe.each(parityCases)('$name', parity => {
  test('has the same virtual and real servers', async () => {
    const node = await syncedFor(parity);
    expect(sortedLines(output(node, 'ipvsadm', '-S', '-n'))).toEqual(sortedLines(parity.reference('ipvs')));
  });

  test('has the same addresses on the IPVS device', async () => {
    const { kernel } = await syncedFor(parity);
    const addresses = kernel.links.get('kube-ipvs0')?.addresses.map(({ address, prefix }) => `${address}/${prefix}`);
    expect(addresses?.sort()).toEqual(sortedLines(parity.reference('addresses')));
  });

  test('has the same entries in each set', async () => {
    const node = await syncedFor(parity);
    const isEntry = (line: string) => line.startsWith('add ');
    expect(sortedLines(output(node, 'ipset', 'save')).filter(isEntry)).toEqual(
      sortedLines(parity.reference('ipset')).filter(isEntry),
    );
  });

  test('has sets of the same type and family', async () => {
    const node = await syncedFor(parity);
    const header = (line: string) => /^create \S+ \S+ (family \S+|range \S+)/.exec(line)?.[0];
    const reference = sortedLines(parity.reference('ipset')).map(header);
    for (const line of sortedLines(output(node, 'ipset', 'save')).map(header))
      if (line !== undefined) expect(reference).toContain(line);
  });

  test('has the same kernel parameters', async () => {
    const { kernel } = await syncedFor(parity);
    const reference = sortedLines(parity.reference('sysctl')).map(line => line.split(' = ') as [string, string]);
    const ours = reference.map(([name]) => [name, kernel.sysctls.get(name.replaceAll('.', '/'))]);
    const isOurs = ([, value]: readonly unknown[]) => value !== undefined;
    expect(ours.filter(isOurs)).toEqual(reference.filter((_, index) => isOurs(ours[index] ?? [])));
    expect(ours.filter(isOurs)).toHaveLength(7);
  });

  test.each(['IPv4', 'IPv6'] as const)('has %s rules that do the same to every packet', async family => {
    const node = await syncedFor(parity);
    const [ours, reference] = [ourRules(node, family), referenceRules(parity, family)];
    const differences: string[] = [];
    for (const packet of packetsOf(parity, family)) {
      // Without a Service of the family kproxy has no rules: it marks no packet, and the FORWARD policy decides.
      if (hasServices(parity, family)) differences.push(...differencesAt(packet, hooks, ours, reference));
      else if (packet.mark !== 0x4000)
        differences.push(
          ...differencesAt(
            packet,
            hooks.filter(hook => hook !== 'filter FORWARD'),
            ours,
            reference,
          ),
        );
    }
    expect(differences.slice(0, 20)).toEqual([]);
  });
});

const isOfFamily = (address: string, family: Family): boolean => address.includes(':') === (family === 'IPv6');
const vipsOf = (parity: ParityCase): readonly string[] =>
  sortedLines(parity.reference('addresses')).map(address => address.split('/')[0] as string);
const hasServices = (parity: ParityCase, family: Family): boolean =>
  vipsOf(parity).some(address => isOfFamily(address, family));

function* packetsOf(parity: ParityCase, family: Family): Generator<Packet> {
  const [vips, nodes] = [vipsOf(parity), nodeAddresses].map(addresses =>
    addresses.filter(address => isOfFamily(address, family)),
  );
  const targets = {
    ipvsadmSave: parity.reference('ipvs'),
    vips: vips ?? [],
    nodeAddresses: nodes ?? [],
    ports: portsOf(parity.reference('ipset')),
  };
  for (const destination of destinationsOf(targets))
    if (isOfFamily(destination.address, family)) yield* packetsTo(destination, family);
}

const nodeAddresses = ['10.10.0.11', 'fd00:10:10::11', '127.0.0.1', '::1'];
const localAddresses = (vips: readonly string[]) => [...nodeAddresses, ...vips];

/** Returns the ports in all sets of port numbers: node ports and health check ports. */
const portsOf = (ipset: string): readonly number[] => [
  ...new Set([...ipset.matchAll(/^add \S+ (\d+)$/gm)].map(([, port]) => Number(port))),
];

function ourRules(node: FakeNode, family: Family): RuleSet {
  const vips = node.kernel.links.get('kube-ipvs0')?.addresses.map(({ address }) => address) ?? [];
  return ruleSetOf({
    iptablesSave: output(node, family === 'IPv4' ? 'iptables-save' : 'ip6tables-save'),
    ipsetSave: output(node, 'ipset', 'save'),
    localAddresses: localAddresses(vips),
  });
}

const referenceRules = (parity: ParityCase, family: Family): RuleSet =>
  ruleSetOf({
    iptablesSave: parity.reference(family === 'IPv4' ? 'iptables' : 'ip6tables'),
    ipsetSave: parity.reference('ipset'),
    localAddresses: localAddresses(vipsOf(parity)),
  });

function differencesAt(packet: Packet, at: readonly string[], ours: RuleSet, reference: RuleSet): readonly string[] {
  const differences: string[] = [];
  for (const hook of at) {
    const [our, their] = [trace(ours, hook, packet), trace(reference, hook, packet)];
    if (our.verdict !== their.verdict || our.mark !== their.mark)
      differences.push(`${packetText(packet)} in ${hook}: ${JSON.stringify(our)}, reference ${JSON.stringify(their)}`);
  }
  return differences;
}
