import { KproxyError } from '../errors.js';
import { type Family, families } from '../net/address.js';
import type { NodeAccess } from './access.js';
import type { Finding } from './finding.js';
import { type Backend, findBackend, type IptablesBackend, withBackend } from './iptables-backend.js';
import { failureOf, parsed } from './reading.js';
import { hasIpv6, lackOf } from './served-families.js';
import { iptablesProgram } from './tools/iptables.js';
import { parseIptablesSave } from './tools/iptables-save.js';
import { requireReadable } from './unreadable-table.js';

/** The rules of one family, or why the node has none. */
export type FamilyRules =
  | { readonly is: 'read'; readonly family: Family; readonly text: string }
  | { readonly is: 'not in the kernel'; readonly family: Family }
  | { readonly is: 'lacking'; readonly family: Family; readonly reason: string; readonly error: KproxyError };

/** The iptables rules of a node. */
export interface NodeRules {
  readonly byFamily: readonly FamilyRules[];
  readonly findings: readonly Iterable<Finding>[];
  readonly backend: IptablesBackend;
  /** What the user should know of the backend. */
  readonly remarks: readonly string[];
  /** The rule system of plain `iptables`. Undefined if it is not known, or if the user has chosen one. */
  readonly plain?: Backend | undefined;
  /** Other backends that have rules of kube-proxy or kproxy. */
  readonly leftIn?: readonly Backend[];
}

/**
 * Reads both families from the one backend that is in use.
 * @throws KproxyError if a tool fails, a table cannot be shown, or no family can be read
 */
export async function readRules(node: NodeAccess): Promise<NodeRules> {
  const { chosenBackend } = node;
  if (chosenBackend !== undefined) return rulesIn(node, chosenBackend, await readFamilies(node, chosenBackend), []);
  const saved = await readFamilies(node, 'default');
  const { backend, remarks, ...found } = await findBackend(node, textsOf(saved));
  const byFamily = backend === 'default' ? saved : await readFamilies(node, backend);
  return { ...(await rulesIn(node, backend, byFamily, remarks)), ...found };
}

async function rulesIn(
  node: NodeAccess,
  backend: IptablesBackend,
  byFamily: readonly FamilyRules[],
  remarks: readonly string[],
): Promise<NodeRules> {
  const read = byFamily.filter(rules => rules.is === 'read');
  const [lacking] = byFamily.filter(rules => rules.is === 'lacking');
  if (read.length === 0 && lacking !== undefined) throw nothingReadable(node, lacking.error);
  for (const { family, text } of read) await requireReadable(node, backend, family, text);
  const findings = read.map(({ family, text }) => parsed(saveCommand(family), parseIptablesSave(text, family)));
  return { byFamily, findings, backend, remarks };
}

/** Adds to the error for missing programs that the user has chosen them. */
const nothingReadable = ({ chosenBackend }: NodeAccess, error: KproxyError): KproxyError =>
  chosenBackend === undefined
    ? error
    : new KproxyError({
        code: error.code,
        message: error.message,
        evidence: [error.evidence ?? '', `--iptables-backend ${chosenBackend} asks for it.`].join('\n').trim(),
        advice: [error.advice ?? '', 'Or leave the option out: kproxy then finds the backend itself.'].join(' ').trim(),
        cause: error,
      });

/** Returns what was printed, of the families that could be read. */
export const textsOf = (byFamily: readonly FamilyRules[]): readonly string[] =>
  byFamily.flatMap(rules => (rules.is === 'read' ? [rules.text] : []));

const readFamilies = async (node: NodeAccess, backend: IptablesBackend): Promise<readonly FamilyRules[]> => {
  const there = withBackend(node, backend);
  return Promise.all(families.map(family => readFamily(there, family)));
};

const saveCommand = (family: Family): readonly string[] => [`${iptablesProgram(family)}-save`];

/**
 * Reads the rules of one family.
 * @param options further arguments of iptables-save
 * @throws KproxyError if they cannot be read, although the node has what it takes
 */
export async function readFamily(
  node: NodeAccess,
  family: Family,
  options: readonly string[] = [],
): Promise<FamilyRules> {
  if (family === 'IPv6' && !(await hasIpv6(node))) return { is: 'not in the kernel', family };
  const command = { argv: [...saveCommand(family), ...options] };
  try {
    const result = await node.run(command);
    if (result.exitCode === 0) return { is: 'read', family, text: result.stdout };
    throw failureOf(command, result);
  } catch (error) {
    const reason = lackOf(error);
    if (reason === undefined || !(error instanceof KproxyError)) throw error;
    return { is: 'lacking', family, reason, error };
  }
}

/**
 * Reads the rules of one family again.
 * @param node with the iptables backend that its rules are in
 * @throws KproxyError if they cannot be read
 */
export async function readRulesOf(node: NodeAccess, family: Family): Promise<Iterable<Finding>> {
  const rules = await readFamily(node, family);
  if (rules.is === 'lacking') throw rules.error;
  if (rules.is === 'not in the kernel') return [];
  await requireReadable(node, 'default', family, rules.text);
  return parsed(saveCommand(family), parseIptablesSave(rules.text, family));
}
