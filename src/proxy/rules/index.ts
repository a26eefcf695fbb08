import type { Element, Table } from '../../node/element.js';
import type { RuleReason } from '../../node/reason.js';
import type { Profile } from '../options.js';
import { healthCheckPort } from './health-check-port.js';
import { builtInJumps } from './jumps.js';
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

/** All chains in the tutorial's order. Each follows the chains that it jumps to. */
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

/** Returns what a chain of kproxy's does, a whole sentence, or undefined if kproxy has no such chain. */
export const whyChain = (table: string, name: string): string | undefined =>
  chainRules.full.find(chain => chain.table === table && chain.name === name)?.why;

/** A chain or the jumps of a built-in chain, with the reasons of the whole and of each rule. */
interface RuleElement {
  readonly element: Element;
  readonly why: string;
  readonly ruleReasons: readonly RuleReason[];
}

/**
 * Returns the chains that have rules, and the jumps to them. A chain without rules decides nothing and is not created.
 */
export function chainsAndJumps(context: RuleContext): readonly RuleElement[] {
  const { family, options } = context;
  const chains = chainRules[options.profile].flatMap(({ table, name, why, rules }): readonly RuleElement[] => {
    const desired = rules(context);
    if (desired.length === 0) return [];
    const element = { kind: 'chain', family, table, name, rules: desired.map(({ rule }) => rule) } as const;
    return [{ element, why, ruleReasons: desired }];
  });
  const hasChain = (table: Table, name: string) =>
    chains.some(({ element }) => element.kind === 'chain' && element.table === table && element.name === name);
  const jumps = builtInJumps(hasChain).map(
    ({ table, chain, rules }): RuleElement => ({
      element: { kind: 'jumps', family, table, chain, rules: rules.map(({ rule }) => rule) },
      why: rules.map(({ why }) => why).join(' '),
      ruleReasons: rules,
    }),
  );
  return [...chains, ...jumps];
}
