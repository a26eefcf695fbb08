import type { Family } from '../net/address.js';
import type { CommandResult } from './access.js';
import { type Change, subjectOf } from './change.js';
import type { Command, Step } from './command.js';
import type { BatchLine } from './kind.js';
import { kindOf } from './kinds/index.js';
import { isRecreated, isRecreation } from './kinds/ipset.js';
import type { Stage } from './stage.js';
import { restoreCommand } from './tools/iptables.js';

/** One process, and the changes that it makes. */
export interface Batch {
  readonly changes: readonly Change[];
  readonly step: Step;
}

/** Returns true if a batch's process failed. Some of its changes may have been made. */
export const isFailed = (step: Step, { exitCode, stderr }: CommandResult): boolean =>
  exitCode !== 0 || (step.isSilent === true && stderr.trim() !== '');

type Batcher = (changes: readonly Change[]) => readonly Step[];

const linesOf = (changes: readonly Change[]): readonly BatchLine[] =>
  changes.flatMap(change => kindOf(subjectOf(change)).batch(change));

/**
 * Builds the text of a batch when its process starts, so that it can be freed with the process: the texts of ten
 * thousand Services are a seventh of a sync's memory.
 */
const withLines = (argv: readonly string[], changes: readonly Change[]): Command => ({
  argv,
  get input() {
    return textOf(changes);
  },
});

/**
 * Short-lived strings must not survive into V8's old generation, so lines are joined in chunks. That saves 8 MB with
 * 10,000 Services.
 */
const changesPerChunk = 1_000;

function textOf(changes: readonly Change[]): string {
  const chunks: string[] = [];
  for (let at = 0; at < changes.length; at += changesPerChunk)
    chunks.push(joined(changes.slice(at, at + changesPerChunk)));
  return chunks.join('');
}

function joined(changes: readonly Change[]): string {
  const texts: string[] = [];
  for (const change of changes) for (const { text } of kindOf(subjectOf(change)).batch(change)) texts.push(text, '\n');
  return texts.join('');
}

/** `tee` for parameters with one value or a parameter that is only raised, and `sed`, which tells values apart. */
const sysctls: Batcher = changes => {
  if (changes.some(isRaise)) return singly(changes);
  const lines = linesOf(changes);
  const values = [...new Set(lines.map(({ section = '' }) => section))];
  const input = values.map(value => `${value}\n`).join('');
  if (values.length < 2)
    return lines.length === 0 ? [] : [{ command: { argv: ['tee', ...lines.map(({ text }) => text)], input } }];
  const writes = lines.map(({ section = '', text }) => `${values.indexOf(section) + 1}w ${text}`);
  return [{ command: { argv: ['sed', '-n', ...writes.flatMap(write => ['-e', write])], input } }];
};

/** Returns true for a parameter that has a process of its own, because the node may turn out to have a larger value. */
const isRaise = (change: Change): boolean => {
  const element = subjectOf(change);
  return element.kind === 'sysctl' && element.atLeast === true;
};

const sets: Batcher = changes => {
  const recreated = changes.filter(isRecreation).flatMap(isRecreated);
  const command = withLines(['ipset', '-exist', 'restore'], changes);
  return [recreated.length === 0 ? { command } : { command, unless: recreated }];
};

const iptables =
  (family: Family): Batcher =>
  changes => [{ command: restoreCommand(family, linesOf(changes)) }];

/** conntrack reads its batch only from a file that it can open by name, which excludes a pipe. */
const flowFile = '/run/kproxy-flows';
const flows: Batcher = changes => [
  { command: withLines(['tee', flowFile], changes) },
  { command: { argv: ['conntrack', '-R', flowFile] } },
];

/** For the few changes whose tool has no batch. */
const singly: Batcher = changes => changes.flatMap(change => kindOf(subjectOf(change)).steps(change));

/** How a stage's changes become processes. */
const batchers: Readonly<Record<Stage, Batcher>> = {
  conntrack: flows,
  module: singly,
  sysctl: sysctls,
  link: singly,
  set: sets,
  'iptables-IPv4': iptables('IPv4'),
  'iptables-IPv6': iptables('IPv6'),
  address: changes => [{ command: withLines(['ip', '-batch', '-'], changes) }],
  ipvs: changes => [{ command: withLines(['ipvsadm', '--restore'], changes), isSilent: true }],
};

const stageOf = (change: Change): Stage => {
  const subject = subjectOf(change);
  return kindOf(subject).stage(subject);
};

/**
 * Returns the processes that make a plan's changes, in order. Neighbors of one stage share a process, so their number
 * does not grow with the number of Services.
 */
export function batches(plan: readonly Change[]): readonly Batch[] {
  return runs(plan).flatMap(changes =>
    batchers[stageOf(changes[0] as Change)](changes).map(step => ({ changes, step })),
  );
}

function runs(plan: readonly Change[]): readonly (readonly Change[])[] {
  const found: Change[][] = [];
  let last: Change | undefined;
  for (const change of plan) {
    if (last === undefined || !canShare(last, change)) found.push([]);
    found.at(-1)?.push(change);
    last = change;
  }
  return found;
}

/** The recreation of a set has a process of its own, because a second run of it would empty the set or fail. */
const canShare = (one: Change, other: Change): boolean =>
  stageOf(one) === stageOf(other) && !isAlone(one) && !isAlone(other);

const isAlone = (change: Change): boolean => isRecreation(change) || isRaise(change);
