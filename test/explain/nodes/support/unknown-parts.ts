import type { DatapathIndex } from '../../../../src/explain/datapath/datapath-index.js';
import { matchKinds } from '../../../../src/explain/rules/matches/index.js';
import { parseRule } from '../../../../src/explain/rules/parse-rule.js';
import type { ParsedRule, RuleMatch } from '../../../../src/explain/rules/rule.js';
import { targetKinds } from '../../../../src/explain/rules/targets/index.js';
import type { Packet } from '../../../../src/explain/trace/packet.js';

/** Returns what explain does not understand of the rules of a node, as sorted clauses, each once. */
export function unknownParts(node: DatapathIndex, packets: readonly Packet[]): readonly string[] {
  const found = node.datapath.tables.flatMap(({ family, name, chains }) =>
    chains.flatMap(({ rules }) =>
      rules.flatMap(({ argv }) => {
        const rule = parseRule(argv);
        const isChain = rule.target !== undefined && node.chain(family, name, rule.target.name) !== undefined;
        return packets.flatMap(packet => [
          ...rule.matches.flatMap(match => unknownOfMatch(match, packet, node)),
          ...(isChain ? [] : unknownOfTarget(rule, packet, node)),
        ]);
      }),
    ),
  );
  return [...new Set(found)].sort();
}

function unknownOfMatch({ module, options }: RuleMatch, packet: Packet, node: DatapathIndex): readonly string[] {
  const kind = matchKinds.get(module);
  if (kind === undefined) return [`match ${module}`];
  const answer = kind.test(options, packet, node);
  return answer.is === 'maybe' && answer.isUnknown ? [answer.why] : [];
}

function unknownOfTarget({ target }: ParsedRule, packet: Packet, node: DatapathIndex): readonly string[] {
  if (target === undefined) return [];
  const kind = targetKinds.get(target.name);
  if (kind === undefined) return [`target ${target.name}`];
  const effect = kind.apply(target.options, packet, node, { hook: 'PREROUTING', nextHop: undefined });
  return effect.kind === 'unknown' ? [effect.why] : [];
}
