import type { Paint } from '../../output/paint.js';
import { visibleText, visibleTexts } from '../../visible.js';
import { explainChain } from './chain/chain.js';
import { chainText } from './chain/chain-text.js';
import type { PartExplanation, PartKindName, PartSources } from './part.js';
import { explainRule } from './rule/rule.js';
import { ruleText } from './rule/rule-text.js';
import { explainSet } from './set/set.js';
import { setText } from './set/set-text.js';
import { explainSysctl } from './sysctl/sysctl.js';
import { sysctlText } from './sysctl/sysctl-text.js';

/** A kind of part that can be explained. A new one is one file with one of these functions each, and one line here. */
interface PartKind<Value extends PartExplanation> {
  explain(name: string, sources: PartSources): Value;
  text(value: Value, paint: Paint): readonly string[];
}

type PartKinds = { readonly [Name in PartKindName]: PartKind<Extract<PartExplanation, { kind: Name }>> };

const partKinds: PartKinds = {
  chain: { explain: explainChain, text: chainText },
  set: { explain: explainSet, text: setText },
  rule: { explain: explainRule, text: ruleText },
  sysctl: { explain: explainSysctl, text: sysctlText },
};

/**
 * Explains a part of a node.
 * @param name of the chain, set or kernel parameter, or the text of the rule
 * @throws KproxyError `option-invalid` if there is no such part and kproxy has none
 */
export const explainPart = (kind: PartKindName, name: string, sources: PartSources): PartExplanation =>
  partKinds[kind].explain(name, sources);

/** Returns an explained part as text of at most 80 columns. */
export function partText(value: PartExplanation, paint: Paint): string {
  const { text } = partKinds[value.kind] as PartKind<PartExplanation>;
  return `${text(visibleTexts(value), paint)
    .map(line => line.trimEnd())
    .join('\n')}\n`;
}

/** Returns an explained part as JSON. Every field is always there, `null` if it has no value. */
export const partJson = (value: PartExplanation): string =>
  `${visibleText(JSON.stringify({ version: 1, ...value }, (_, field: unknown) => field ?? null, 2))}\n`;
