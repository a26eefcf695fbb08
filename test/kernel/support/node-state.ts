import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { outputs } from './guest.js';

/** A node's state in the tools' output, sorted so that two states can be compared. */
export interface ProgrammedState {
  readonly ipvs: readonly string[];
  readonly addresses: readonly string[];
  /** The entries of each set that has any, by its name. */
  readonly sets: Readonly<Record<string, readonly string[]>>;
  readonly rules: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
}

const sorted = (lines: readonly string[]): readonly string[] => [...lines].sort();
const linesOf = (text: string): readonly string[] => text.split('\n').filter(line => line !== '');

/** Returns ipvsadm's lines sorted, because their order is up to the kernel. */
export const ipvsLines = (text: string): readonly string[] => sorted(linesOf(text).map(line => line.trimEnd()));

/** Returns the entries of each set in the output of `ipset save`, without empty sets. */
export function setEntries(text: string): Record<string, readonly string[]> {
  const entries: Record<string, string[]> = {};
  for (const line of linesOf(text)) {
    const [verb, name = '', value = ''] = line.split(' ');
    if (verb !== 'add') continue;
    entries[name] ??= [];
    entries[name].push(value);
  }
  return Object.fromEntries(Object.entries(entries).map(([name, values]) => [name, sorted(values)]));
}

const sysctlNames = [
  'net/ipv4/ip_forward',
  'net/ipv4/vs/conntrack',
  'net/ipv4/vs/conn_reuse_mode',
  'net/ipv4/vs/expire_nodest_conn',
  'net/ipv4/vs/expire_quiescent_template',
  'net/ipv4/conf/all/arp_ignore',
  'net/ipv4/conf/all/arp_announce',
];

/** Returns true for a chain or a rule. Listing a table creates it, so empty tables do not count. */
const isRule = (line: string): boolean => /^(6 )?(-A|:\S+ -)/.test(line);

const reading = [
  'ip -o addr show dev kube-ipvs0',
  'iptables-save',
  'ip6tables-save',
  'ipvsadm -S -n',
  'ipset save',
  `cd /proc/sys && grep -H . ${sysctlNames.join(' ')}`,
];

/** Reads the state of a node's kernel. */
export async function programmedState(sandbox: Sandbox, namespace: string): Promise<ProgrammedState> {
  const texts = await outputs(sandbox, reading, { namespace });
  const [addresses = '', rules4 = '', rules6 = '', ipvs = '', sets = '', sysctls = ''] = texts;
  const rules = [...linesOf(rules4), ...linesOf(rules6).map(line => `6 ${line}`)];
  return {
    ipvs: ipvsLines(ipvs),
    addresses: sorted(linesOf(addresses).map(line => line.trim().split(/\s+/)[3] ?? '')),
    sets: setEntries(sets),
    rules: rules.filter(isRule).map(line => line.replace(/ \[\d+:\d+\]$/, '')),
    sysctls: Object.fromEntries(linesOf(sysctls).map(line => line.split(':') as [string, string])),
  };
}
