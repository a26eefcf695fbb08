import type { Rule } from '../../node/element.js';
import type { SetName } from '../../node/names.js';
import { type ChainRules, jump, type RuleContext, ruleForSet, setMatch } from './rule-context.js';

/** The local rule comes first: a Local Service's port stands in both sets. */
const rulesFor = (
  context: RuleContext,
  protocol: string,
  directions: string,
  local: SetName,
  all: SetName,
): readonly Rule[] => [
  ...ruleForSet(
    context,
    local,
    it => ['-p', protocol, ...setMatch(it, local, directions), ...jump('RETURN')],
    'externalTrafficPolicy Local: the backend sees the client',
  ),
  ...ruleForSet(
    context,
    all,
    it => ['-p', protocol, ...setMatch(it, all, directions), ...jump('KUBE-MARK-MASQ')],
    'the answer must come back through this node, since the client knows no other address',
  ),
];

export const kubeNodePort: ChainRules = {
  table: 'nat',
  name: 'KUBE-NODE-PORT',
  why: 'decides for packets to a node port whether their source must change',
  rules: context => [
    ...rulesFor(context, 'tcp', 'dst', 'KUBE-NODE-PORT-LOCAL-TCP', 'KUBE-NODE-PORT-TCP'),
    ...rulesFor(context, 'udp', 'dst', 'KUBE-NODE-PORT-LOCAL-UDP', 'KUBE-NODE-PORT-UDP'),
    ...rulesFor(context, 'sctp', 'dst,dst', 'KUBE-NODE-PORT-LOCAL-SCTP-HASH', 'KUBE-NODE-PORT-SCTP-HASH'),
  ],
};
