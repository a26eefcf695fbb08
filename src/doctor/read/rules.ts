import { KproxyError } from '../../errors.js';
import type { NodeAccess } from '../../node/access.js';
import { findLeftovers } from '../../node/other-modes.js';
import { readRules, textsOf } from '../../node/read-rules.js';
import type { RuleFact } from '../facts.js';
import { reasonOf } from './fact.js';

/** Reads the node's iptables rules as every command does, and what their reading told. */
export async function readRuleFact(node: NodeAccess): Promise<RuleFact> {
  try {
    const { byFamily, plain, remarks, leftIn = [] } = await readRules(node);
    const leftovers = await findLeftovers(node, textsOf(byFamily));
    return { is: 'read', backend: node.chosenBackend ?? plain, remarks, leftIn, leftovers };
  } catch (error) {
    if (!(error instanceof KproxyError))
      return { is: 'unread', code: undefined, message: reasonOf(error), evidence: '' };
    return { is: 'unread', code: error.code, message: error.message, evidence: error.evidence ?? '' };
  }
}
