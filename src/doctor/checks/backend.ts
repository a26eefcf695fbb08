import type { Backend } from '../../node/iptables-backend.js';
import type { Facts, Machine, RuleFact, ToolFact } from '../facts.js';
import { advice, type Judgement, ok, problem } from '../finding.js';
import { asRoot, scriptAsRoot } from '../fixes/as-root.js';
import { hasRights } from '../rights.js';
import type { DoctorCheck } from './check.js';

export const backend: DoctorCheck = {
  name: 'iptables',
  judge(facts) {
    const { rules } = facts;
    return rules.is === 'read' ? judgeRead(rules, facts) : judgeUnread(rules, facts);
  },
};

type ReadRules = Extract<RuleFact, { is: 'read' }>;

function judgeRead(
  { backend: found, remarks, leftIn }: ReadRules,
  { machine, tools }: Pick<Facts, 'machine' | 'tools'>,
): readonly Judgement[] {
  const lines = remarks.filter(remark => !remark.startsWith('rules of kube-proxy or kproxy'));
  const inBoth = lines.map(what =>
    advice({
      what,
      why: 'Two rule systems may disagree about a packet, and their order is not defined.',
      fix: asRoot(machine, 'sh -c "iptables-legacy-save; iptables-nft-save"'),
    }),
  );
  const used = found ?? backendOf(tools);
  const name = used === undefined ? 'no rules yet' : `the back end is ${used}`;
  return [...inBoth, ...leftIn.map(one => leftover(one, machine)), ...(inBoth.length > 0 ? [] : [ok(name)])];
}

/** Returns what iptables itself says, for a node without rules: `iptables-save v1.8.9 (nf_tables)`. */
function backendOf(tools: readonly ToolFact[]): Backend | undefined {
  const version = tools.find(({ name }) => name.startsWith('iptables'))?.version;
  if (version?.is !== 'read') return undefined;
  return version.value.includes('(nf_tables)') ? 'nft' : version.value.includes('(legacy)') ? 'legacy' : undefined;
}

const leftover = (left: Backend, machine: Machine): Judgement =>
  problem({
    what: `rules of kube-proxy or kproxy are left in the back end ${left}`,
    why: 'Packets pass them as well, and nothing keeps them up to date.',
    fix: scriptAsRoot(
      machine,
      `for p in iptables ip6tables; do $p-${left}-save | grep -v KUBE- | $p-${left}-restore; done`,
    ),
  });

type UnreadRules = Extract<RuleFact, { is: 'unread' }>;

function judgeUnread({ code, message, evidence }: UnreadRules, facts: Facts): readonly Judgement[] {
  const { machine, tools } = facts;
  if (!hasRights(facts)) return [];
  if (code === 'two-iptables-backends')
    return [
      problem({
        what: message,
        why:
          'Every packet passes both, in no defined order, and no chain of the kubelet says which one is right. Let ' +
          'all programs of the node use one. The command shows the rules of both; --iptables-backend chooses one for ' +
          'kproxy.',
        fix: scriptAsRoot(
          machine,
          'for p in iptables ip6tables; do for b in legacy nft; do echo "# $p-$b"; $p-$b-save | grep ^-A; done; done',
        ),
      }),
    ];
  if (code === 'table-unreadable') {
    const [, table = ''] = /IPv[46] table (\w+)/.exec(message) ?? [];
    const family = message.includes('IPv6') ? 'ip6' : 'ip';
    return [
      problem({
        what: message,
        why: [
          ...evidence.split('\n').filter(line => line !== ''),
          'Another program has put in there what only nft can show. Move it into a table of its own.',
        ].join(' '),
        fix: asRoot(machine, `nft -a list table ${family} ${table}`),
      }),
    ];
  }
  if (code === 'tool-missing' && tools.some(({ isMissing, name }) => isMissing && /^iptables/.test(name))) return [];
  const [said = ''] = evidence.split('\n');
  return [
    problem({
      what: `the rules cannot be read: ${message}`,
      why: `Without them kproxy changes nothing.${said === '' ? '' : ` The tool says: ${said}`}`,
      fix: asRoot(machine, 'iptables-save'),
    }),
  ];
}
