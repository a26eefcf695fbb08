import type { Rule } from '../../node/element.js';
import { always, type ChainRules, comment, jump, masqueradeMark, type RuleContext } from './rule-context.js';

const established = ['-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED'] as const;

const marked = (context: RuleContext): Rule =>
  always(
    'a first packet on its way to a Pod passes even where the FORWARD policy is DROP',
    ...comment('kubernetes forwarding rules'),
    '-m',
    'mark',
    '--mark',
    masqueradeMark(context),
    ...jump('ACCEPT'),
  );

/** The chapter lets established connections pass from and to the Pods' network; the full profile lets all of them pass, since backends outside of that network exist. */
function chapterRules({ options, family }: RuleContext): readonly Rule[] {
  const cidr = options.clusterCidrs[family];
  if (cidr === undefined) return [];
  return [
    always(
      'answers of a Pod pass',
      '-s',
      cidr,
      ...comment('kubernetes forwarding conntrack pod source rule'),
      ...established,
      ...jump('ACCEPT'),
    ),
    always(
      'what follows on the first packet to a Pod passes',
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
  why: 'lets Service packets through a node whose FORWARD policy is DROP',
  rules: context => [
    marked(context),
    ...(context.options.profile === 'tutorial'
      ? chapterRules(context)
      : [
          always(
            'what follows on a first packet, and the answers, pass',
            ...comment('kubernetes forwarding conntrack rule'),
            ...established,
            ...jump('ACCEPT'),
          ),
        ]),
  ],
};
