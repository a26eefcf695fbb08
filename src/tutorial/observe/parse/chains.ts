import type { ChainAnswer, RuleAnswer } from '../observed.js';

interface OpenChain extends ChainAnswer {
  readonly rules: RuleAnswer[];
}

const chainPattern = /^:(\S+) (\S+)/;
const rulePattern = /^(?:\[(\d+):\d+\] )?-A (\S+) ?(.*)$/;

/**
 * Parses the output of `iptables-save -c`: the chains of all tables. Rules keep the text that the tool prints. Lines
 * that are neither a table nor a chain nor a rule are skipped, as those are comments about other software.
 */
export function chainsIn(text: string): ReadonlyMap<string, ChainAnswer> {
  const chains = new Map<string, OpenChain>();
  let table = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1);
    const [, chain, policy] = chainPattern.exec(line) ?? [];
    if (chain !== undefined)
      chains.set(`${table} ${chain}`, { policy: policy === '-' ? undefined : policy, rules: [] });
    const [, packets = '0', owner, rule = ''] = rulePattern.exec(line) ?? [];
    chains.get(`${table} ${owner}`)?.rules.push({ text: rule, packets: Number(packets) });
  }
  return chains;
}
