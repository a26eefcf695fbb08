import type { Batch } from '../node/batches.js';
import { batches } from '../node/batches.js';
import type { Change } from '../node/change.js';
import { header, type ScriptOptions } from './header.js';
import { hereDocument } from './quote.js';
import { stepText } from './step-text.js';

/**
 * Returns a shell function around `ipvsadm --restore`, which refuses to add what exists, and whose exit status is that
 * of the last line only. The function compares the lines with the kernel first: what exists is changed instead of
 * added, and what is missing is not removed again. Any message of ipvsadm is then a failure.
 */
const restoreIpvs = (sudo: string): string => `restore_ipvs() {
  present=$(${sudo}ipvsadm -S -n </dev/null) || return
  said=$({ printf '%s\\n' "$present" '--'; cat; } | awk '
    $1 == "--" { wanted = 1; next }
    { key = $2 " " $3; if ($1 ~ /^-[aed]$/) key = key " " $5 }
    !wanted { have[key] = 1; next }
    key in have { sub(/^-A/, "-E"); sub(/^-a/, "-e") }
    $1 ~ /^-[dD]$/ && !(key in have) { next }
    { print }
  ' | ${sudo}ipvsadm --restore 2>&1) || said="$said (exit status $?)"
  [ -n "$said" ] || return 0
  printf 'ipvsadm: %s\\n' "$said" >&2
  return 1
}`;

const isIpvsRestore = ({ step }: Batch): boolean => step.command.argv.join(' ') === 'ipvsadm --restore';

/** Returns a comment that says what a batch does. */
function summary({ changes, step }: Batch): string {
  const count = (verb: Change['verb']) => changes.filter(change => change.verb === verb).length;
  const parts = (['add', 'change', 'remove'] as const)
    .filter(verb => count(verb) > 0)
    .map(verb => `${count(verb)} to ${verb}`);
  return `# ${step.command.argv[0]}: ${parts.join(', ')}`;
}

function batchText(batch: Batch, options: ScriptOptions): string {
  const command = isIpvsRestore(batch) ? `restore_ipvs ${hereDocument(batch.step.command.input ?? '')}` : undefined;
  return `${summary(batch)}\n${stepText(batch.step, options, command)}`;
}

/** Returns a plan as the few processes that sync starts. */
export function batchScript(plan: readonly Change[], options: ScriptOptions): string {
  const all = batches(plan);
  const prelude = all.some(isIpvsRestore) ? [restoreIpvs(options.sudo ? 'sudo ' : '')] : [];
  return `${[header(plan, options), ...prelude, ...all.map(batch => batchText(batch, options))].join('\n\n')}\n`;
}
