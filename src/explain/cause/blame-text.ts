import { addressAndPort } from '../../net/address.js';
import { isOwnChain } from '../../node/names.js';
import { iptablesProgram } from '../../node/tools/iptables.js';
import { virtualServerText } from '../../node/tools/text.js';
import type { ScriptStyle } from '../../script/step-text.js';
import type { Blame } from '../trace.js';
import { placeText, shownRule } from './change-text.js';
import { commandText } from './commands.js';
import { paragraph, sentence } from './sentences.js';

/** What is said of a part of the node at which a packet's way ended. */
export interface BlameText {
  readonly summary: string;
  readonly why: string | undefined;
  /** One command as a list of arguments. Undefined if none is known. */
  readonly argv: readonly string[] | undefined;
  readonly near?: string | undefined;
}

type Texts = {
  readonly [Part in Blame['part']]: (blame: Extract<Blame, { readonly part: Part }>) => BlameText;
};

const withoutCommand = (summary: string, why?: string): BlameText => ({
  summary: sentence(summary),
  why: why === undefined ? undefined : sentence(why),
  argv: undefined,
});

const foreignRule = 'The rule is not of kproxy. Find out what added it, or it may return.';

const texts: Texts = {
  rule: blame => {
    const { family, table, chain, number, argv } = blame;
    const summary = `Rule ${number} of ${placeText(blame)} ${verbOf(argv)} (${shownRule(argv)}).`;
    if (isOwn(blame)) return { summary, why: whyOwn[chain], argv: undefined };
    return { summary, why: foreignRule, argv: [iptablesProgram(family), '-t', table, '-D', chain, String(number)] };
  },
  policy: blame => ({
    summary: `The policy of ${placeText(blame)} is ${blame.policy}, and no rule accepts the packet before it applies.`,
    why: 'kproxy does not set policies. Find out what set this one, or it may return.',
    argv: [iptablesProgram(blame.family), '-t', blame.table, '-P', blame.chain, 'ACCEPT'],
  }),
  sysctl: ({ name, value, needed, why }) => {
    const dotted = name.replaceAll('/', '.');
    return {
      summary: `The kernel parameter ${dotted} is ${value} and should be ${needed}.`,
      why: sentence(why),
      argv: ['sysctl', '-w', `${dotted}=${needed}`],
    };
  },
  route: ({ to, why }) => withoutCommand(`The node has no way to ${to}: ${why}`),
  'virtual server': ({ server, why, near }) => ({
    ...withoutCommand(`IPVS does not balance ${virtualServerText(server)}: ${why}`),
    near: near === undefined ? undefined : sentence(near),
  }),
  socket: ({ address, port, why }) =>
    withoutCommand(`No process of this node listens on ${addressAndPort(address, port)}`, why),
  source: ({ source, why }) => withoutCommand(`The backend sees the source ${source}, and its answer is lost`, why),
  hairpin: ({ port, why }) => ({
    summary: `The bridge does not return packets to its port ${port} (hairpin is off).`,
    why: sentence(why),
    argv: ['bridge', 'link', 'set', 'dev', port, 'hairpin', 'on'],
  }),
  link: ({ link, why }) => ({
    summary: `The device ${link} is down.`,
    why: sentence(why),
    argv: ['ip', 'link', 'set', 'dev', link, 'up'],
  }),
  unknown: ({ why }) => withoutCommand(why),
};

/** Why kproxy's own rules refuse packets. */
const whyOwn: Readonly<Record<string, string>> = {
  'KUBE-IPVS-FILTER': 'kproxy refuses packets to a VIP that are for no port of a Service.',
  'KUBE-PROXY-FIREWALL': 'The loadBalancerSourceRanges of the Service do not contain the client.',
  'KUBE-SOURCE-RANGES-FIREWALL': 'The loadBalancerSourceRanges of the Service do not contain the client.',
  'KUBE-IPVS-OUT-FILTER': 'The loadBalancerSourceRanges of the Service do not contain this node.',
};

const isOwn = ({ table, chain }: { readonly table: string; readonly chain: string }): boolean =>
  (table === 'nat' || table === 'filter') && isOwnChain(table, chain);

function verbOf(argv: readonly string[]): string {
  const target = argv[argv.indexOf('-j') + 1];
  if (target === 'DROP') return 'drops the packet';
  return target === 'REJECT' ? 'rejects the packet' : "ends the packet's way";
}

/** Returns what is said of a blame. */
export const blameText = (blame: Blame): BlameText => (texts[blame.part] as (blame: Blame) => BlameText)(blame);

/** Returns the command that takes the blamed part out of the packet's way, as a list of one, or none. */
export const blameCommands = ({ argv }: BlameText, style: ScriptStyle): readonly string[] =>
  argv === undefined ? [] : [commandText({ argv }, style)];

/** Returns summary and reason as one paragraph. */
export const wholeText = ({ summary, why }: BlameText): string => paragraph(summary, why) ?? summary;
