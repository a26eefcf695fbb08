import type { Family } from '../../net/address.js';
import type { Command } from '../command.js';
import type { BatchLine } from '../kind.js';

export const iptablesProgram = (family: Family): string => (family === 'IPv4' ? 'iptables' : 'ip6tables');

/** A word as iptables-restore reads it: the backslash escapes inside double quotes only. */
const restoreWord = (word: string): string =>
  /^[\w@%+=:,./!-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, character => `\\${character}`)}"`;

/** A rule as iptables-restore reads it. */
export const ruleText = (argv: readonly string[]): string => argv.map(restoreWord).join(' ');

export const ruleLine = (verb: '-A' | '-I' | '-D', chain: string, argv: readonly string[]): string =>
  `${verb} ${chain} ${ruleText(argv)}`;

/** A rule as iptables prints it: that is what it reads, but for a backslash before the apostrophe too. */
export const savedLine = (chain: string, argv: readonly string[]): string =>
  ruleLine('-A', chain, argv).replaceAll("'", "\\'");

/** Declarations come first: a chain must be there before the rule that jumps to it. */
function sectionText(table: string, lines: readonly BatchLine[]): string {
  const own = lines.filter(line => line.section === table).map(line => line.text);
  const declarations = [...new Set(own.filter(text => text.startsWith(':')))];
  return [`*${table}`, ...declarations, ...own.filter(text => !text.startsWith(':')), 'COMMIT', ''].join('\n');
}

/** One process for all lines of a family: each table is changed as a whole or not at all, and other chains are left alone. */
export function restoreCommand(family: Family, lines: readonly BatchLine[]): Command {
  const tables = [...new Set(lines.map(line => line.section ?? ''))];
  return {
    argv: [`${iptablesProgram(family)}-restore`, '-w', '--noflush'],
    input: tables.map(table => sectionText(table, lines)).join(''),
  };
}
