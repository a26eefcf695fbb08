import type { SetName } from '../../node/names.js';
import { type ChainRules, type DesiredRule, jump, type RuleContext, ruleForSet, setMatch } from './rule-context.js';

/** The local rule comes first, because the port of a Local Service is in both sets. */
const rulesFor = (
  context: RuleContext,
  protocol: string,
  directions: string,
  local: SetName,
  all: SetName,
): readonly DesiredRule[] => [
  ...ruleForSet(
    context,
    local,
    it => ['-p', protocol, ...setMatch(it, local, directions), ...jump('RETURN')],
    'externalTrafficPolicy is Local, so the backend sees the client.',
  ),
  ...ruleForSet(
    context,
    all,
    it => ['-p', protocol, ...setMatch(it, all, directions), ...jump('KUBE-MARK-MASQ')],
    'The answer must come back through this node, because the client knows no other address.',
  ),
];

export const kubeNodePort: ChainRules = {
  table: 'nat',
  name: 'KUBE-NODE-PORT',
  why: 'Decides whether the source of packets to a node port must change.',
  rules: context => [
    ...rulesFor(context, 'tcp', 'dst', 'KUBE-NODE-PORT-LOCAL-TCP', 'KUBE-NODE-PORT-TCP'),
    ...rulesFor(context, 'udp', 'dst', 'KUBE-NODE-PORT-LOCAL-UDP', 'KUBE-NODE-PORT-UDP'),
    ...rulesFor(context, 'sctp', 'dst,dst', 'KUBE-NODE-PORT-LOCAL-SCTP-HASH', 'KUBE-NODE-PORT-SCTP-HASH'),
  ],
};
