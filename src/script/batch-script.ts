import { type Batch, batches } from '../node/batches.js';
import type { Change } from '../node/change.js';
import type { Command } from '../node/command.js';
import { programOf } from '../node/iptables-backend.js';
import { header, type ScriptOptions } from './header.js';
import { hereDocument } from './quote.js';
import { stepText } from './step-text.js';

/** A shell function that makes a tool's restore harmless to run again, and the calls of it. */
interface RestoreFunction {
  isFor(command: Command): boolean;
  definition(sudo: string): string;
  call(command: Command, options: ScriptOptions): string;
}

/**
 * Returns shell lines that filter a restore's input by what is present.
 * @param save the command that prints what is present
 * @param filter awk's rules: they see what is present first, and then the input, with `input` set
 */
const filteredInput = (save: string, filter: string): string => `  present=$(${save} </dev/null) || return
  input=$({ printf '%s\\n' "$present" '--'; cat; } | awk '
    !input && $0 == "--" { input = 1; next }
    ${filter}
    { print }
  ') || return`;

/**
 * `iptables-restore --noflush` inserts a jump again if it runs again, and fails if a jump that it deletes is missing.
 * The function deletes what is inserted but already present, in the same transaction, so that it moves to the top. It
 * leaves out deletions of what is missing.
 */
const iptablesRestore: RestoreFunction = {
  isFor: ({ argv: [program = ''] }) => /^ip6?tables-restore$/.test(program),
  definition: sudo => `restore_rules() {
${filteredInput(
  `${sudo}"$1-save"`,
  `/^\\*/ { table = $1 }
    { key = table " " substr($0, 4) }
    !input { if ($1 == "-A") have[key]++; next }
    $1 == "-I" { for (; have[key] > 0; have[key]--) print "-D " substr($0, 4); have[key] = 1 }
    $1 == "-D" && !(have[key] > 0) { next }
    $1 == "-D" { have[key]-- }`,
)}
  printf '%s\\n' "$input" | ${sudo}"$1-restore" -w --noflush
}`,
  call: ({ argv: [program = ''] }, { iptables }) =>
    `restore_rules ${programOf(program.replace('-restore', ''), iptables)}`,
};

/**
 * `ipvsadm --restore` refuses to add what exists, and its exit status is that of the last line only. The function
 * compares the lines with the kernel first: what exists is changed instead of added, and what is missing is not removed
 * again. Any message of ipvsadm is then a failure.
 */
const ipvsRestore: RestoreFunction = {
  isFor: ({ argv }) => argv.join(' ') === 'ipvsadm --restore',
  definition: sudo => `restore_ipvs() {
  newline='
'
${filteredInput(
  `${sudo}ipvsadm -S -n`,
  `{ key = $2 " " $3; if ($1 ~ /^-[aed]$/) key = key " " $5 }
    !input { have[key] = 1; next }
    key in have { sub(/^-A/, "-E"); sub(/^-a/, "-e") }
    $1 ~ /^-[dD]$/ && !(key in have) { next }`,
)}
  said=$(printf '%s' "$input\${input:+$newline}" | ${sudo}ipvsadm --restore 2>&1) || said="$said (exit status $?)"
  [ -n "$said" ] || return 0
  printf 'ipvsadm: %s\\n' "$said" >&2
  return 1
}`,
  call: () => 'restore_ipvs',
};

const restoreFunctions: readonly RestoreFunction[] = [iptablesRestore, ipvsRestore];

/** Returns a comment that says what a batch does. */
function summary({ changes, step }: Batch): string {
  const count = (verb: Change['verb']) => changes.filter(change => change.verb === verb).length;
  const parts = (['add', 'change', 'remove'] as const)
    .filter(verb => count(verb) > 0)
    .map(verb => `${count(verb)} to ${verb}`);
  return `# ${step.command.argv[0]}: ${parts.join(', ')}`;
}

function batchText(batch: Batch, options: ScriptOptions): string {
  const { command } = batch.step;
  const restore = restoreFunctions.find(({ isFor }) => isFor(command));
  const text = restore && `${restore.call(command, options)} ${hereDocument(command.input ?? '')}`;
  return `${summary(batch)}\n${stepText(batch.step, options, text)}`;
}

/** Returns a plan as the few processes that sync starts. */
export function batchScript(plan: readonly Change[], options: ScriptOptions): string {
  const all = batches(plan);
  const sudo = options.sudo ? 'sudo ' : '';
  const functions = restoreFunctions
    .filter(({ isFor }) => all.some(({ step }) => isFor(step.command)))
    .map(({ definition }) => definition(sudo));
  return `${[header(plan, options), ...functions, ...all.map(batch => batchText(batch, options))].join('\n\n')}\n`;
}
