import { explainPart, partJson, partText } from '../explain/parts/index.js';
import type { PartKindName } from '../explain/parts/part.js';
import type { NodeAccess } from '../node/access.js';
import { paintWith } from '../output/paint.js';
import { changesOf } from './shared/explain-basis.js';
import type { Io } from './shared/io.js';
import { type CommandOutcome, outcomeFor } from './shared/outcome.js';
import { type ReadToExplainOptions, readToExplain } from './shared/read-to-explain.js';

export interface ExplainPartOptions extends Omit<ReadToExplainOptions, 'mustRead'> {
  readonly kind: PartKindName;
  /** The name of the part, or the text of a rule. */
  readonly name: string;
  readonly output: 'text' | 'json';
  readonly isColored: boolean;
}

/** Explains what a chain, a set, a rule or a kernel parameter is for, and who needs it on this node. */
export async function runExplainPart(options: ExplainPartOptions, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  const { kind, name, output, isColored } = options;
  const { cluster, basis, proxy } = await readToExplain({ ...options, mustRead: false }, node, io);
  const { desired } = basis.reconciliation;
  const actual = basis.kind.kind === 'desired' ? undefined : basis.datapath;
  const part = explainPart(kind, name, { options: proxy, desired, actual, changes: changesOf(basis) });
  io.stdout(output === 'json' ? partJson(part) : partText(part, paintWith(isColored)));
  return outcomeFor(cluster, desired);
}
