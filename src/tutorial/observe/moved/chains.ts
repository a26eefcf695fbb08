import type { ChainAnswer, KernelAnswer, Movement } from '../observed.js';
import { added, changed, holding, keysOf, removed } from './lines.js';
import { isKept, pairRules, type RulePair } from './rule-pairs.js';

/** Returns what moved in chains, in their rules, in the rules of built-in chains, and in policies, in this order. */
export function movedChains(
  machine: string,
  { chains: before }: KernelAnswer,
  { chains: after }: KernelAnswer,
): readonly Movement[] {
  const names = keysOf(before, after);
  const isBuiltIn = (name: string) => (after.get(name) ?? before.get(name))?.policy !== undefined;
  const own = names.filter(name => !isBuiltIn(name));
  const builtIn = names.filter(isBuiltIn);
  const rules = (name: string) => movedRules(`${machine}: ${name}`, before.get(name), after.get(name));
  return [
    ...own.flatMap(name => movedChain(machine, name, before.get(name), after.get(name))),
    ...own.filter(name => after.has(name)).flatMap(rules),
    ...builtIn.flatMap(rules),
    ...builtIn.flatMap(name => movedPolicy(`${machine}: ${name} policy`, before.get(name), after.get(name))),
  ];
}

function movedChain(machine: string, name: string, before?: ChainAnswer, after?: ChainAnswer): readonly Movement[] {
  const [table, chain] = name.split(' ', 2);
  const where = `${machine}: table ${table}`;
  if (before === undefined) return [added(where, `chain ${chain}`)];
  if (after === undefined) return [removed(where, `chain ${chain}${holding(before.rules.length, 'rule', 'rules')}`)];
  return [];
}

function movedRules(chain: string, before?: ChainAnswer, after?: ChainAnswer): readonly Movement[] {
  const runs = runsOfChanges(pairRules(before?.rules ?? [], after?.rules ?? []));
  return runs.flatMap(run => movedRun(chain, run));
}

/** Returns the pairs that are not kept, those with no kept one between them together. */
function runsOfChanges(pairs: readonly RulePair[]): readonly (readonly RulePair[])[] {
  const runs: RulePair[][] = [[]];
  for (const pair of pairs) {
    if (isKept(pair)) runs.push([]);
    else runs.at(-1)?.push(pair);
  }
  return runs;
}

/** One rule in the place of another one is a changed rule. */
function movedRun(chain: string, run: readonly RulePair[]): readonly Movement[] {
  const before = run.flatMap(pair => pair.before ?? []);
  const after = run.flatMap(pair => pair.after ?? []);
  const [one, other] = [before[0], after[0]];
  if (before.length === 1 && after.length === 1 && one !== undefined && other !== undefined)
    return [changed(`${chain} rule ${other.number}`, one.text, other.text)];
  return [
    ...before.map(({ number, text }) => removed(`${chain} rule ${number}`, text)),
    ...after.map(({ number, text }) => added(`${chain} rule ${number}`, text)),
  ];
}

/** A table appears with its first rule, and each of its built-in chains then accepts. */
function movedPolicy(where: string, before?: ChainAnswer, after?: ChainAnswer): readonly Movement[] {
  const [one, other] = [before?.policy ?? 'ACCEPT', after?.policy ?? 'ACCEPT'];
  return one === other ? [] : [changed(where, one, other)];
}
