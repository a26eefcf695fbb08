import { restoreWords } from '../iptables.js';
import { type FakeKernel, freshKernel } from '../kernel.js';
import { conntrackPart } from './conntrack.js';
import { modprobePart, sysctlPart } from './host.js';
import { ipPart } from './ip.js';
import { ipsetPart } from './ipset.js';
import { iptablesPart, otherIptablesPart } from './iptables.js';
import { ipvsadmPart } from './ipvsadm.js';
import type { TextPart } from './part.js';

/*
 * The fake kernel as text: the commands that build it on a fresh machine, in the tools' own words. A test can write its
 * fixture, run commands and assert in one language. The text does not have the machine itself (release, ticks, backend)
 * and the files that kproxy writes.
 */

/** The programs in the order in which their lines are printed. */
const parts = {
  modprobe: modprobePart,
  sysctl: sysctlPart,
  ip: ipPart,
  ipset: ipsetPart,
  iptables: iptablesPart('IPv4'),
  ip6tables: iptablesPart('IPv6'),
  'other-iptables': otherIptablesPart('IPv4'),
  'other-ip6tables': otherIptablesPart('IPv6'),
  ipvsadm: ipvsadmPart,
  conntrack: conntrackPart,
} as const satisfies Record<string, TextPart>;

type TextProgram = keyof typeof parts;

const isProgram = (name: string): name is TextProgram => name in parts;

/** Returns a kernel's text in canonical order: all of it, or the lines of some programs. */
export function print(kernel: FakeKernel, ...programs: readonly TextProgram[]): string {
  const wanted = (Object.keys(parts) as TextProgram[]).filter(name => programs.length === 0 || programs.includes(name));
  return wanted.flatMap(name => parts[name].print(kernel).map(line => `${name} ${line}\n`)).join('');
}

/**
 * Adds what a text says to a kernel, by default to that of a fresh machine. Blank lines and lines that start with `#`
 * are skipped.
 * @throws Error on a program or word that the fake does not know
 */
export function parse(text: string, kernel: FakeKernel = freshKernel()): FakeKernel {
  for (const line of text.split('\n')) {
    const [program = '', ...words] = restoreWords(line.trim());
    if (program === '' || program.startsWith('#')) continue;
    if (!isProgram(program)) throw new Error(`a kernel's text has a line of an unknown program: ${line}`);
    parts[program].run(kernel, words);
  }
  return kernel;
}

/**
 * Replaces lines of a kernel's text by others. Several lines are separated by line breaks; an empty text removes a
 * line.
 * @throws Error if the text does not have a line exactly once
 */
export function edited(text: string, edits: Readonly<Record<string, string>>): string {
  const lines = text.split('\n');
  for (const line of Object.keys(edits))
    if (lines.filter(other => other === line).length !== 1)
      throw new Error(`a kernel's text does not have this line exactly once: ${line}\n${text}`);
  return lines.map(line => edits[line] ?? line).join('\n');
}

/**
 * Removes the lines of a kernel's text that match.
 * @throws Error if none does
 */
export function withoutLines(text: string, pattern: RegExp): string {
  const lines = text.split('\n');
  const left = lines.filter(line => !pattern.test(line));
  if (left.length === lines.length) throw new Error(`a kernel's text has no line that matches ${pattern}\n${text}`);
  return left.join('\n');
}
