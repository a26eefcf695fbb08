import type { Family } from '../../net/address.js';
import type { Command } from '../command.js';
import type { Rule, Table } from '../element.js';
import type { BatchLine } from '../kind.js';

export const iptablesProgram = (family: Family): string => (family === 'IPv4' ? 'iptables' : 'ip6tables');

/** Returns a command of the family's program on one table: `iptables -w -t nat …`. */
export const tableCommand = (
  { family, table }: { readonly family: Family; readonly table: Table },
  ...rest: readonly string[]
): readonly string[] => [iptablesProgram(family), '-w', '-t', table, ...rest];

/** Quotes a word for iptables-restore, where a backslash escapes only inside double quotes. */
const restoreWord = (word: string): string =>
  /^[\w@%+=:,./!-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, character => `\\${character}`)}"`;

/** Returns a rule as iptables-restore reads it. */
export const ruleText = (rule: Rule): string => rule.map(restoreWord).join(' ');

export const ruleLine = (verb: '-A' | '-I' | '-D', chain: string, rule: Rule): string =>
  `${verb} ${chain} ${ruleText(rule)}`;

/** Returns a rule as iptables prints it: as it reads it, with a backslash before each apostrophe. */
export const savedLine = (chain: string, rule: Rule): string => ruleLine('-A', chain, rule).replaceAll("'", "\\'");

/** Puts declarations first, because a rule can only jump to a chain that exists. */
function sectionText(table: string, lines: readonly BatchLine[]): string {
  const own = lines.filter(line => line.section === table).map(line => line.text);
  const declarations = [...new Set(own.filter(text => text.startsWith(':')))];
  return [`*${table}`, ...declarations, ...own.filter(text => !text.startsWith(':')), 'COMMIT', ''].join('\n');
}

/** Returns one command for all lines of a family. Each table is changed as a whole or not at all; other chains stay. */
export function restoreCommand(family: Family, lines: readonly BatchLine[]): Command {
  const tables = [...new Set(lines.map(line => line.section ?? ''))];
  return {
    argv: [`${iptablesProgram(family)}-restore`, '-w', '--noflush'],
    input: tables.map(table => sectionText(table, lines)).join(''),
  };
}
