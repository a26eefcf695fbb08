import type { Rule } from '../../node/element.js';
import {
  always,
  type ChainRules,
  comment,
  jump,
  masqueradeMark,
  masqueradeUnmark,
  ruleForSet,
  setMatch,
} from './rule-context.js';

const masqueradeMarked = (...more: readonly string[]): Rule =>
  always(
    'gives marked packets the address of this node, so that the backend answers to it and not past it',
    ...comment('kubernetes service traffic requiring SNAT'),
    ...more,
  );

export const kubePostrouting: ChainRules = {
  table: 'nat',
  name: 'KUBE-POSTROUTING',
  why: 'gives Service packets the source address that the backend can answer to',
  rules: context =>
    context.options.profile === 'tutorial'
      ? [masqueradeMarked('-m', 'mark', '--mark', masqueradeMark(context), ...jump('MASQUERADE'))]
      : [
          ...ruleForSet(
            context,
            'KUBE-LOOP-BACK',
            it => [...setMatch(it, 'KUBE-LOOP-BACK', 'dst,dst,src'), ...jump('MASQUERADE')],
            'a Pod balanced back to itself must not see its own address as the source',
          ),
          always(
            'everything else without the mark keeps its source',
            '-m',
            'mark',
            '!',
            '--mark',
            masqueradeMark(context),
            ...jump('RETURN'),
          ),
          always(
            'takes the mark off: a packet that comes by again, in another namespace of the network, is not masqueraded twice',
            ...jump('MARK'),
            '--set-xmark',
            masqueradeUnmark(context),
          ),
          masqueradeMarked(...jump('MASQUERADE'), '--random-fully'),
        ],
};
