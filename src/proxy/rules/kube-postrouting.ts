import type { Rule } from '../../node/element.js';
import {
  always,
  type ChainRules,
  comment,
  type DesiredRule,
  jump,
  markMatch,
  masqueradeUnmark,
  noMarkMatch,
  ruleForSet,
  setMatch,
} from './rule-context.js';

const masquerade = (...more: Rule): DesiredRule =>
  always(
    'Gives marked packets the address of this node, so that the backend answers to it and not past it.',
    ...comment('kubernetes service traffic requiring SNAT'),
    ...more,
  );

export const kubePostrouting: ChainRules = {
  table: 'nat',
  name: 'KUBE-POSTROUTING',
  why: 'Gives Service packets a source address that the backend can answer to.',
  rules: context =>
    context.options.profile === 'tutorial'
      ? [masquerade(...markMatch(context), ...jump('MASQUERADE'))]
      : [
          ...ruleForSet(
            context,
            'KUBE-LOOP-BACK',
            it => [...setMatch(it, 'KUBE-LOOP-BACK', 'dst,dst,src'), ...jump('MASQUERADE')],
            'A Pod that is balanced to itself must not see its own address as the source.',
          ),
          always('All other packets without the mark keep their source.', ...noMarkMatch(context), ...jump('RETURN')),
          always(
            'Removes the mark, so that a packet that passes again in another network namespace is not ' +
              'masqueraded twice.',
            ...jump('MARK'),
            '--set-xmark',
            masqueradeUnmark(context),
          ),
          masquerade(...jump('MASQUERADE'), '--random-fully'),
        ],
};
