import { describe, expect, test } from 'vitest';
import { parseRule } from '../../../src/explain/rules/parse-rule.js';
import { testRule } from '../../../src/explain/rules/table/test-rule.js';
import type { Hook } from '../../../src/explain/trace/trace.js';
import { type Family, families } from '../../../src/net/address.js';
import { splitRule } from '../../../src/node/tools/iptables-save.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { sampleNode } from '../../explain/rules/support/sample-node.js';
import { output, useSandbox } from '../support/guest.js';
import { marks, type PacketCase, packetsToSend } from './support/packets-to-send.js';
import { readSets } from './support/read-sets.js';
import { buildRulesNetwork, nodeAddresses, nodeServers } from './support/rules-network.js';
import { hooks, host, rulesToAsk, setsInput } from './support/rules-to-ask.js';
import { sendPackets } from './support/send-packets.js';

const programs = {
  IPv4: { save: 'iptables-save', restore: 'iptables-restore' },
  IPv6: { save: 'ip6tables-save', restore: 'ip6tables-restore' },
} as const satisfies Record<Family, object>;

/** The chain of a hook's rules: `ASK-INPUT`. */
const chainOf = (hook: Hook): string => `ASK-${hook}`;

function restoreInput(family: Family): string {
  const at = (network: number, machine: number) => host(family, network, machine);
  const rules = rulesToAsk(family);
  const destination = family === 'IPv4' ? `${at(2, 5)}:8080` : `[${at(2, 5)}]:8080`;
  return [
    '*raw',
    `-A PREROUTING -s ${at(1, 9)} -j MARK --set-xmark ${marks.packet}`,
    `-A PREROUTING -s ${at(1, 7)} -j CT --notrack`,
    'COMMIT',
    '*nat',
    `-A PREROUTING -d ${at(2, 77)} -p tcp -j DNAT --to-destination ${destination}`,
    `-A POSTROUTING -d ${at(2, 88)} -p udp -j SNAT --to-source ${at(2, 1)}`,
    'COMMIT',
    '*mangle',
    ...hooks.map(hook => `:${chainOf(hook)} - [0:0]`),
    `-A PREROUTING -s ${at(1, 9)} -j CONNMARK --set-xmark ${marks.connection}/0xf`,
    ...hooks.map(hook => `-A ${hook} -j ${chainOf(hook)}`),
    ...hooks.flatMap(hook =>
      rules.filter(rule => rule.hooks.includes(hook)).map(({ text }) => `-A ${chainOf(hook)} ${text}`),
    ),
    'COMMIT',
    '',
  ].join('\n');
}

/** A rule as the kernel has it, and how many packets it has matched. */
interface KernelRule {
  readonly hook: string;
  readonly argv: readonly string[];
  readonly packets: number;
}

const kernelRules = (text: string): readonly KernelRule[] =>
  Array.from(text.matchAll(/^\[(\d+):\d+\] -A ASK-(\S+) ?(.*)$/gm), ([, packets, hook = '', rule = '']) => ({
    hook,
    argv: rule === '' ? [] : splitRule(rule),
    packets: Number(packets),
  }));

/** Sends all packets. Returns the rules before the first one and after each. */
async function countersOf(sandbox: Sandbox, family: Family, cases: readonly PacketCase[]) {
  const sent = cases.map(one => one.sent);
  return (await sendPackets(sandbox, sent, [programs[family].save, '-c', '-t', 'mangle'])).map(kernelRules);
}

const sandbox = useSandbox({}, buildRulesNetwork);

describe.each(families)('the rules of %s', family => {
  test('fit the packets that the kernel counts for them', async () => {
    await output(sandbox(), ['ipset', 'restore'], { input: setsInput(family) });
    await output(sandbox(), [programs[family].restore, '--noflush'], { input: restoreInput(family) });
    const cases = packetsToSend(family);
    const sets = readSets(await output(sandbox(), ['ipset', 'save']));
    const node = sampleNode({ sets, servers: nodeServers, addresses: nodeAddresses, broadcasts: ['10.1.0.255'] });
    const counters = await countersOf(sandbox(), family, cases);
    expect(counters.filter(rules => rules.length > 0)).toHaveLength(cases.length + 1);
    const differences = cases.flatMap(({ name, at }, index) => {
      const [before = [], after = []] = counters.slice(index, index + 2);
      return after.flatMap(({ hook, argv, packets }, number) => {
        const packet = at[hook as Hook];
        if (packet === undefined) return [];
        const counted = packets > (before[number]?.packets ?? 0) ? 'yes' : 'no';
        const { answer } = testRule(parseRule(argv), packet, node);
        return answer.is === counted ? [] : [`${name}, ${hook}: ${argv.join(' ')}: ${answer.is}, kernel: ${counted}`];
      });
    });
    expect(differences).toEqual([]);
  });
});
