import type { Family } from '../net/address.js';
import { type Change, subjectOf } from './change.js';
import type { Check, Command, Step } from './command.js';
import type { BatchLine } from './kind.js';
import { kindOf } from './kinds/index.js';
import { isRemade, isRemaking } from './kinds/ipset.js';
import { areJumpsRight, isJumpThere } from './kinds/jumps.js';
import type { Stage } from './stage.js';
import { restoreCommand } from './tools/iptables.js';

/** One process, and the changes that it makes. */
export interface Batch {
  readonly changes: readonly Change[];
  readonly step: Step;
}

type Batcher = (changes: readonly Change[]) => readonly Step[];

const linesOfOne = (change: Change): readonly BatchLine[] => kindOf(subjectOf(change)).batch(change);
const linesOf = (changes: readonly Change[]): readonly BatchLine[] => changes.flatMap(linesOfOne);

/** The texts of ten thousand Services' batches are a seventh of a sync's memory: each is written when its process is started, and can go with it. */
const withLines = (argv: readonly string[], changes: readonly Change[]): Command => ({
  argv,
  get input() {
    return textOf(changes);
  },
});

/**
 * What is alive until tens of thousands of lines are written is moved to where nothing is collected for long. With 10,000 Services lines by the thousand
 * take five megabytes less than all at once, and without a list of them three less again.
 */
const changesAtOnce = 1_000;

function textOf(changes: readonly Change[]): string {
  const parts: string[] = [];
  for (let at = 0; at < changes.length; at += changesAtOnce) parts.push(joined(changes.slice(at, at + changesAtOnce)));
  return parts.join('');
}

function joined(changes: readonly Change[]): string {
  const texts: string[] = [];
  for (const change of changes) for (const { text } of linesOfOne(change)) texts.push(text, '\n');
  return texts.join('');
}

/** One `tee` for all parameters that get the same value. */
const sysctls: Batcher = changes => {
  const lines = linesOf(changes);
  return [...new Set(lines.map(line => line.section))].map(value => ({
    command: {
      argv: ['tee', ...lines.filter(line => line.section === value).map(line => line.text)],
      input: `${value}\n`,
    },
  }));
};

const sets: Batcher = changes => {
  const remade = changes.filter(isRemaking).flatMap(({ after }) => isRemade(after));
  const command = withLines(['ipset', '-exist', 'restore'], changes);
  return [remade.length === 0 ? { command } : { command, unless: remade }];
};

const iptables =
  (family: Family): Batcher =>
  changes => [{ command: restoreCommand(family, linesOf(changes)) }];

/** Inserting is the one thing that a restore does twice if it runs twice. */
const jumps =
  (family: Family): Batcher =>
  changes => [{ command: restoreCommand(family, linesOf(changes)), ...jumpChecks(changes) }];

function jumpChecks(changes: readonly Change[]): { unless?: readonly Check[]; when?: Check } {
  const coming = changes.flatMap(change => (change.verb === 'remove' ? [] : jumpsThere(change)));
  if (coming.length > 0) return { unless: coming };
  const removed = changes.find(change => change.verb === 'remove')?.before;
  return removed?.kind !== 'jumps' || removed.rules[0] === undefined
    ? {}
    : { when: isJumpThere(removed, removed.rules[0]) };
}

/** An added jump need only be there, a changed one must have been put in its place. */
function jumpsThere({ verb, after }: Exclude<Change, { verb: 'remove' }>): readonly Check[] {
  if (after.kind !== 'jumps') return [];
  return verb === 'change' ? areJumpsRight(after) : after.rules.map(rule => isJumpThere(after, rule));
}

/** conntrack reads its batch from a file only, and a pipe's name is not one that it can open. */
const flowFile = '/run/kproxy-flows';
const flows: Batcher = changes => [
  { command: withLines(['tee', flowFile], changes) },
  { command: { argv: ['conntrack', '-R', flowFile] } },
];

/** How a stage's changes become processes. */
const batchers: Readonly<Record<Stage, Batcher>> = {
  conntrack: flows,
  module: changes => linesOf(changes).map(line => ({ command: { argv: ['modprobe', line.text] } })),
  sysctl: sysctls,
  link: changes => changes.flatMap(change => kindOf(subjectOf(change)).steps(change)),
  set: sets,
  'rules-IPv4': iptables('IPv4'),
  'rules-IPv6': iptables('IPv6'),
  'jumps-IPv4': jumps('IPv4'),
  'jumps-IPv6': jumps('IPv6'),
  address: changes => [{ command: withLines(['ip', '-batch', '-'], changes) }],
  ipvs: changes => [{ command: withLines(['ipvsadm', '--restore'], changes), isSilent: true }],
};

const stageOf = (change: Change): Stage => {
  const subject = subjectOf(change);
  return kindOf(subject).stage(subject);
};

/** The few processes that make the plan's changes, in its order: neighbours of one stage share a process. Their number does not grow with the number of Services. */
export function batches(plan: readonly Change[]): readonly Batch[] {
  return runs(plan).flatMap(changes =>
    batchers[stageOf(changes[0] as Change)](changes).map(step => ({ changes, step })),
  );
}

function runs(plan: readonly Change[]): readonly (readonly Change[])[] {
  const found: Change[][] = [];
  let last: Change | undefined;
  for (const change of plan) {
    if (last === undefined || !mayShare(last, change)) found.push([]);
    found.at(-1)?.push(change);
    last = change;
  }
  return found;
}

/** A set that is made anew has a process of its own, since doing that twice would empty it or fail. */
const mayShare = (one: Change, other: Change): boolean =>
  stageOf(one) === stageOf(other) && !isRemaking(one) && !isRemaking(other);
