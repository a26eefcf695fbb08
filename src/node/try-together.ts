import type { NodeAccess } from './access.js';
import { batches } from './batches.js';
import { type Change, subjectOf } from './change.js';
import type { Command } from './command.js';
import { kindOf } from './kinds/index.js';
import { compareWith } from './missing-changes.js';
import type { Stage } from './stage.js';

/** What became of changes that were tried with one process. */
interface Trial {
  /** The changes that are not on the node. */
  readonly missing: readonly Change[];
  /** What the tool said of each of them. Undefined if the tool may have stopped before the last one. */
  readonly words: ReadonlyMap<Change, string> | undefined;
}

/** A tool that goes on after a refusal. */
interface PersistentTool {
  command(command: Command): Command;
  /** Finds out what the tool said of which change. Returns undefined if not every missing change has a word. */
  words(stderr: string, changes: readonly Change[], missing: readonly Change[]): Trial['words'];
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter(line => line.trim() !== '');

/**
 * `ipvsadm --restore` prints one line for each refusal, without a number. A line that it cannot parse ends it, and then
 * it has printed fewer lines than changes are missing.
 */
const ipvsadm: PersistentTool = {
  command: command => command,
  words: (stderr, changes, missing) => {
    const lines = linesOf(stderr);
    const named = [missing, changes].find(({ length }) => length === lines.length);
    return named && new Map(named.map((change, at) => [change, lines[at] ?? '']));
  },
};

/** `ip -force` names the number of each line that fails, after what it says of the line. */
const ip: PersistentTool = {
  command: command => ({ ...command, argv: ['ip', '-force', ...command.argv.slice(1)], input: command.input ?? '' }),
  words: (stderr, changes, missing) => {
    const owners = changes.flatMap(change =>
      kindOf(subjectOf(change))
        .batch(change)
        .map(() => change),
    );
    const words = new Map<Change, string>();
    let said: string[] = [];
    for (const line of linesOf(stderr)) {
      const [, number] = /^Command failed \S*:(\d+)$/.exec(line) ?? [];
      if (number === undefined) said.push(line);
      else {
        const owner = owners[Number(number) - 1];
        if (owner !== undefined && !words.has(owner)) words.set(owner, said.join('; '));
        said = [];
      }
    }
    return missing.every(change => words.has(change)) ? words : undefined;
  },
};

const persistentTools: ReadonlyMap<Stage, PersistentTool> = new Map([
  ['ipvs', ipvsadm],
  ['address', ip],
]);

/** The stages whose tools go on after a refusal. */
export const persistentStages: readonly Stage[] = [...persistentTools.keys()];

/** Returns the stage of a change. */
export const stageOf = (change: Change): Stage => kindOf(subjectOf(change)).stage(subjectOf(change));

/** Returns true for a change that is tried together with others by one process, however many are refused. */
export const isTriedTogether = (change: Change): boolean => persistentTools.has(stageOf(change));

/**
 * Tries changes of one stage with one process, and reads once what became of them. The number of refusals does not
 * matter: a Service with a thousand endpoints that the kernel refuses takes no longer than one with a single one.
 */
export async function tryTogether(node: NodeAccess, changes: readonly Change[]): Promise<Trial> {
  const [first] = changes;
  const tool = first && persistentTools.get(stageOf(first));
  if (tool === undefined) return { missing: changes, words: undefined };
  let stderr = '';
  for (const { step } of batches(changes)) stderr += (await node.run(tool.command(step.command))).stderr;
  const { missing } = await compareWith(node, changes);
  return { missing, words: tool.words(stderr, changes, missing) };
}
