import type { Chain, Element, Rule, Table } from '../../node/element.js';
import type { Profile } from '../options.js';
import { healthCheckPort } from './health-check-port.js';
import { jumps } from './jumps.js';
import { kubeForward } from './kube-forward.js';
import { kubeIpvsFilter } from './kube-ipvs-filter.js';
import { kubeIpvsOutFilter } from './kube-ipvs-out-filter.js';
import { kubeLoadBalancer } from './kube-load-balancer.js';
import { kubeMarkMasq } from './kube-mark-masq.js';
import { kubeNodePort } from './kube-node-port.js';
import { kubePostrouting } from './kube-postrouting.js';
import { kubeServices } from './kube-services.js';
import type { ChainRules, RuleContext } from './rule-context.js';
import { kubeProxyFirewall, kubeSourceRangesFirewall } from './source-ranges-firewall.js';

/** All chains, each after the chains that it jumps to, in the chapter's order. */
const chainRules: Readonly<Record<Profile, readonly ChainRules[]>> = {
  tutorial: [kubeMarkMasq, kubePostrouting, kubeServices, kubeForward],
  full: [
    kubeMarkMasq,
    kubePostrouting,
    kubeLoadBalancer,
    kubeNodePort,
    kubeServices,
    kubeForward,
    healthCheckPort,
    kubeSourceRangesFirewall,
    kubeProxyFirewall,
    kubeIpvsFilter,
    kubeIpvsOutFilter,
  ],
};

interface RuledElement {
  readonly element: Element;
  readonly why: string;
}

/** Says of a rule of a chain whether the chapter has it, word for word. */
function chapterRules(context: RuleContext): (chain: string, rule: Rule) => boolean {
  const chapter = { ...context, options: { ...context.options, profile: 'tutorial' as const } };
  const text = (chain: string, rule: Rule) => [chain, ...rule.argv].join('\0');
  const known = new Set(chainRules.tutorial.flatMap(({ name, rules }) => rules(chapter).map(rule => text(name, rule))));
  return (chain, rule) => known.has(text(chain, rule));
}

/** The chains that have a rule, and the jumps to them. A chain without rules decides nothing and is not made. */
export function chainsAndJumps(context: RuleContext): readonly RuledElement[] {
  const isInChapter = chapterRules(context);
  const chains = chainRules[context.options.profile]
    .map(({ table, name, why, rules }) => ({
      element: {
        kind: 'chain',
        family: context.family,
        table,
        name,
        rules: rules(context).map(rule => ({ ...rule, beyondChapter: !isInChapter(name, rule) })),
      } satisfies Chain,
      why,
    }))
    .filter(({ element }) => element.rules.length > 0);
  const hasChain = (table: Table, name: string) =>
    chains.some(({ element }) => element.table === table && element.name === name);
  return [
    ...chains,
    ...jumps(context.family, hasChain).map(element => ({
      element,
      why: element.rules.map(rule => rule.why).join('; '),
    })),
  ];
}
