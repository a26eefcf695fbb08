import type { Command } from '../../../src/node/command.js';

const isIptables = ({ argv: [program = ''] }: Command): boolean => /^ip6?tables-restore$/.test(program);
const isIpvs = ({ argv }: Command): boolean => argv.join(' ') === 'ipvsadm --restore';

/** Returns the command that the script reads the present state with before a restore, if it filters this command. */
export function filterReads(command: Command): readonly string[] | undefined {
  if (isIptables(command)) return [(command.argv[0] ?? '').replace('-restore', '-save')];
  return isIpvs(command) ? ['ipvsadm', '-S', '-n'] : undefined;
}

/**
 * Returns the input that a restore gets from the script, as written here a second time, independently of the shell.
 *
 * @param present what the command of `filterReads` prints
 */
export function filteredInput(command: Command, present: string): string {
  const input = command.input ?? '';
  return isIptables(command) ? iptablesInput(input, present) : ipvsInput(input, present);
}

const linesOf = (text: string): readonly string[] => text.split('\n');

function iptablesInput(input: string, present: string): string {
  const counts = new Map<string, number>();
  let table = '';
  const count = (line: string) => counts.get(`${table} ${line.slice(3)}`) ?? 0;
  const add = (line: string, change: number) => counts.set(`${table} ${line.slice(3)}`, count(line) + change);
  for (const line of linesOf(present)) {
    if (line.startsWith('*')) table = line;
    if (line.startsWith('-A ')) add(line, 1);
  }
  const filtered = linesOf(input).flatMap(line => {
    if (line.startsWith('*')) table = line;
    const present = Math.max(count(line), 0);
    const deletion = `-D ${line.slice(3)}`;
    if (line.startsWith('-I ')) {
      add(line, 1 - present);
      return [...Array.from({ length: present }, () => deletion), line];
    }
    if (!line.startsWith('-D ')) return [line];
    if (present > 0) add(line, -1);
    return present > 0 ? [line] : [];
  });
  return filtered.join('\n');
}

/** Returns what identifies a line's virtual server, or its real server. */
const ipvsKey = (line: string): string => {
  const [option = '', type, vip, , backend] = line.split(' ');
  return /^-[aed]$/.test(option) ? `${type} ${vip} ${backend}` : `${type} ${vip}`;
};

function ipvsInput(input: string, present: string): string {
  const keys = new Set(linesOf(present).filter(Boolean).map(ipvsKey));
  return linesOf(input)
    .filter(line => !/^-[dD] /.test(line) || keys.has(ipvsKey(line)))
    .map(line => (keys.has(ipvsKey(line)) ? line.replace(/^-[Aa]/, option => (option === '-A' ? '-E' : '-e')) : line))
    .join('\n');
}
