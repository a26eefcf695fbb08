import type { Packet } from './packet.js';
import type { RuleSet, TracedRule } from './rule-set.js';

/** What the chain of one hook and table does to a packet. */
export interface Outcome {
  /** `continue` if no rule decided, so that other software's rules or the policy do. */
  readonly verdict: 'accept' | 'drop' | 'reject' | 'masquerade' | 'continue';
  readonly mark: number;
}

interface Walk {
  readonly verdict: Outcome['verdict'] | 'return';
  readonly packet: Packet;
}

/**
 * Walks a packet through a chain, `nat PREROUTING` for example.
 * @throws Error on a target that the tracer does not know.
 */
export function trace(rules: RuleSet, chain: string, packet: Packet): Outcome {
  const { verdict, packet: after } = walk(rules, chain, packet, 0);
  return { verdict: verdict === 'return' ? 'continue' : verdict, mark: after.mark };
}

function walk(rules: RuleSet, chain: string, packet: Packet, depth: number): Walk {
  if (depth > 10) throw new Error(`the rules of ${chain} form a loop`);
  let current = packet;
  for (const rule of rules.chains.get(chain) ?? []) {
    if (!rule.tests.every(test => test(current))) continue;
    const step = take(rules, chain, rule, current, depth);
    if (step.verdict !== 'continue') return step;
    current = step.packet;
  }
  return { verdict: 'continue', packet: current };
}

const finals = { ACCEPT: 'accept', DROP: 'drop', RETURN: 'return' } as const;
const isFinal = (target: string): target is keyof typeof finals => target in finals;

function take(rules: RuleSet, chain: string, { target, options }: TracedRule, packet: Packet, depth: number): Walk {
  const text = options.join(' ');
  if (isFinal(target) && text === '') return { verdict: finals[target], packet };
  if (target === 'REJECT' && /^--reject-with icmp6?-port-unreachable$/.test(text)) return { verdict: 'reject', packet };
  if (target === 'MASQUERADE' && (text === '' || text === '--random-fully')) return { verdict: 'masquerade', packet };
  if (target === 'MARK' && options[0] === '--set-xmark' && options.length === 2)
    return { verdict: 'continue', packet: { ...packet, mark: marked(packet.mark, options[1] ?? '') } };
  const inner = `${chain.split(' ')[0]} ${target}`;
  if (!rules.chains.has(inner) || text !== '')
    throw new Error(`the packet tracer does not know this target: ${target} ${text}`);
  const walked = walk(rules, inner, packet, depth + 1);
  return walked.verdict === 'return' ? { verdict: 'continue', packet: walked.packet } : walked;
}

/** Applies `--set-xmark value/mask`: clears the bits of the mask and flips those of the value. */
function marked(mark: number, argument: string): number {
  const [value = 0, mask = 0] = argument.split('/').map(Number);
  return ((mark & ~mask) ^ value) >>> 0;
}
