import { sysctlName } from '../../node/sysctl-name.js';
import { iptablesProgram } from '../../node/tools/iptables.js';
import { virtualServerText } from '../../node/tools/text.js';
import type { ScriptStyle } from '../../script/step-text.js';
import { type Table, table } from '../../table.js';
import { parsedRule } from '../rules/parse-rule.js';
import type { Blame } from '../trace/trace.js';
import { placeText, shownRule } from './change-text.js';
import { commandText } from './commands.js';
import { isOwnRule } from './deciding-rule.js';
import { paragraph, sentence } from './sentences.js';

/** What is said of a part of the node at which a packet's way ended. */
export interface BlameText {
  readonly summary: string;
  readonly why: string | undefined;
  /** Commands as lists of arguments. Empty if none is known. */
  readonly commands: readonly (readonly string[])[];
  /** A whole sentence. */
  readonly near?: string | undefined;
}

type Texts = {
  readonly [Part in Blame['part']]: (blame: Extract<Blame, { readonly part: Part }>) => BlameText;
};

/** A blame whose reason says all. */
const reasonAlone = ({ why }: { readonly why: string }): BlameText => ({
  summary: sentence(why),
  why: undefined,
  commands: [],
});

const foreignRule = 'The rule is not of kproxy. Find out what added it, or it may return.';

const texts: Texts = {
  rule: blame => {
    const { family, table, chain, number, argv } = blame;
    const summary = `Rule ${number} of ${placeText(blame)} ${verbOf(argv)} (${shownRule(argv)}).`;
    if (isOwnRule(blame)) return { summary, why: whyOwn[chain], commands: [] };
    return {
      summary,
      why: foreignRule,
      commands: [[iptablesProgram(family), '-t', table, '-D', chain, String(number)]],
    };
  },
  policy: blame => ({
    summary: `The policy of ${placeText(blame)} is ${blame.policy}, and no rule accepts the packet before it applies.`,
    why: 'kproxy does not set policies. Find out what set this one, or it may return.',
    commands: [[iptablesProgram(blame.family), '-t', blame.table, '-P', blame.chain, 'ACCEPT']],
  }),
  sysctl: ({ name, value, needed, why }) => {
    const parameter = sysctlName(name);
    const write = ['sysctl', '-w', `${parameter}=${needed}`];
    // The kernel has the parameters of bridges only with this module.
    const isMissing = value === 'missing' && parameter.startsWith('net.bridge.');
    return {
      summary: `The kernel parameter ${parameter} is ${value} and should be ${needed}.`,
      why: sentence(why),
      commands: isMissing ? [['modprobe', 'br_netfilter'], write] : [write],
    };
  },
  'virtual server': ({ server, why, near }) => ({
    summary: `IPVS does not balance ${virtualServerText(server)}.`,
    why: sentence(why),
    commands: [],
    near: near === undefined ? undefined : `IPVS has ${near}.`,
  }),
  hairpin: ({ port, why }) => ({
    summary: `The bridge does not return packets to ${port === 'unknown' ? 'the port' : `its port ${port}`} (hairpin).`,
    why: sentence(why),
    commands: port === 'unknown' ? [] : [['bridge', 'link', 'set', 'dev', port, 'hairpin', 'on']],
  }),
  link: ({ link, why }) => ({
    summary: `The device ${link} is down.`,
    why: sentence(why),
    commands: [['ip', 'link', 'set', 'dev', link, 'up']],
  }),
  route: reasonAlone,
  socket: reasonAlone,
  source: reasonAlone,
  unknown: reasonAlone,
};

/** Why kproxy's own rules refuse packets. */
const whyOwn: Table<string> = table({
  'KUBE-IPVS-FILTER': 'kproxy refuses packets to a VIP that are for no port of a Service.',
  'KUBE-PROXY-FIREWALL': 'The loadBalancerSourceRanges of the Service do not contain the client.',
  'KUBE-SOURCE-RANGES-FIREWALL': 'The loadBalancerSourceRanges of the Service do not contain the client.',
  'KUBE-IPVS-OUT-FILTER': 'The loadBalancerSourceRanges of the Service do not contain this node.',
});

const verbs: Table<string> = table({
  DROP: 'drops the packet',
  REJECT: 'rejects the packet',
  DNAT: 'changes the destination of the packet',
  REDIRECT: 'changes the destination of the packet',
  NETMAP: 'changes an address of the packet',
  SNAT: 'changes the source of the packet',
  MASQUERADE: 'changes the source of the packet',
  NOTRACK: 'hides the packet from conntrack',
  CT: 'changes how conntrack sees the packet',
  MARK: 'changes the mark of the packet',
  CONNMARK: 'changes the mark of the packet',
  ACCEPT: 'accepts the packet, so that later rules do not see it',
  RETURN: 'takes the packet past later rules',
});

const verbOf = (argv: readonly string[]): string =>
  verbs[parsedRule(argv).target?.name ?? ''] ?? "decides the packet's way";

/** Returns what is said of a blame. */
export const blameText = (blame: Blame): BlameText => (texts[blame.part] as (blame: Blame) => BlameText)(blame);

/** Returns the commands that take the blamed part out of the packet's way. */
export const blameCommands = ({ commands }: BlameText, style: ScriptStyle): readonly string[] =>
  commands.map(argv => commandText({ argv }, style));

/** Returns summary and reason as one paragraph. */
export const wholeText = ({ summary, why }: BlameText): string => paragraph(summary, why) ?? summary;
