import {
  always,
  type ChainRules,
  comment,
  type DesiredRule,
  jump,
  markMatch,
  type RuleContext,
} from './rule-context.js';

const established = ['-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED'] as const;

const firstPackets = (context: RuleContext): DesiredRule =>
  always(
    'The first packet to a Pod passes even if the FORWARD policy is DROP.',
    ...comment('kubernetes forwarding rules'),
    ...markMatch(context),
    ...jump('ACCEPT'),
  );

const allEstablished: DesiredRule = always(
  'The packets after the first one, and the answers, pass.',
  ...comment('kubernetes forwarding conntrack rule'),
  ...established,
  ...jump('ACCEPT'),
);

/**
 * The tutorial accepts established connections from and to the Pods' network. The full profile accepts all of them,
 * because backends can be outside of that network. So does the tutorial if that network is not what decides.
 */
function tutorialRules({ options, family }: RuleContext): readonly DesiredRule[] {
  if (options.localDetection.by !== 'ClusterCIDR') return [allEstablished];
  const cidr = options.clusterCidrs[family];
  if (cidr === undefined) return [];
  return [
    always(
      'The answers of a Pod pass.',
      '-s',
      cidr,
      ...comment('kubernetes forwarding conntrack pod source rule'),
      ...established,
      ...jump('ACCEPT'),
    ),
    always(
      'The packets after the first one to a Pod pass.',
      '-d',
      cidr,
      ...comment('kubernetes forwarding conntrack pod destination rule'),
      ...established,
      ...jump('ACCEPT'),
    ),
  ];
}

export const kubeForward: ChainRules = {
  table: 'filter',
  name: 'KUBE-FORWARD',
  why: 'Lets Service packets pass on a node whose FORWARD policy is DROP.',
  rules: context => [
    firstPackets(context),
    ...(context.options.profile === 'tutorial' ? tutorialRules(context) : [allEstablished]),
  ],
};
