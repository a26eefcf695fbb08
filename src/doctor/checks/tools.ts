import type { Facts, ToolFact } from '../facts.js';
import { advice, type Judgement, ok, problem } from '../finding.js';
import { installCommand } from '../fixes/install.js';
import type { DoctorCheck } from './check.js';

export const tools: DoctorCheck = { name: 'tools', judge };

/** The reason why a tool is needed. The tools without one here are those of iptables. */
const uses = new Map([
  ['ip', 'It creates the device that holds the VIPs, and reads addresses and routes.'],
  ['ipset', 'It holds the addresses that the rules match.'],
  ['ipvsadm', 'It programs the virtual servers.'],
  ['modprobe', 'It loads ip_vs. Without it the kernel must have ip_vs before kproxy starts.'],
  ['conntrack', 'It removes stale UDP flows. Without it clients keep sending to endpoints that are gone.'],
]);
const optional: ReadonlySet<string> = new Set(['modprobe', 'conntrack']);

const useOf = (name: string): string => uses.get(name) ?? 'It reads and writes the rules.';

function judge({ tools: all, machine }: Facts): readonly Judgement[] {
  const troubles = all.flatMap(tool => {
    const found = troubleOf(tool);
    if (found === undefined) return [];
    const isOptional = optional.has(tool.name) || (tool.name.startsWith('ip6tables') && !found.isOld);
    const why = tool.name.startsWith('ip6tables') ? `${useOf(tool.name)} Without it IPv6 is not served.` : found.why;
    return [(isOptional ? advice : problem)({ what: found.what, why, fix: installCommand(machine, [tool.name]) })];
  });
  const good = all.filter(tool => troubleOf(tool) === undefined);
  return [...troubles, ...(good.length === 0 ? [] : [ok(good.map(shown).join(', '))])];
}

const shown = ({ name, version }: ToolFact): string =>
  [name, version.is === 'read' ? (numberIn(version.value)?.text ?? '') : ''].join(' ').trim();

interface ToolTrouble {
  readonly what: string;
  readonly why: string;
  readonly isOld: boolean;
}

function troubleOf({ name, version, isMissing }: ToolFact): ToolTrouble | undefined {
  if (isMissing) return { what: `${name} is not installed`, why: useOf(name), isOld: false };
  if (version.is === 'unread')
    return isKernels(name, version.why)
      ? undefined
      : { what: `${name} does not tell its version: ${version.why}`, why: useOf(name), isOld: false };
  return oldTrouble(name, version.value);
}

/** ipset and ipvsadm ask the kernel even for their version. What it lacks is found by the check of the kernel. */
const isKernels = (name: string, words: string): boolean =>
  (name === 'ipset' || name === 'ipvsadm') && /kernel|module|ip_?vs|virtual server|not permitted/i.test(words);

interface Version {
  readonly text: string;
  readonly parts: readonly number[];
}

/** Returns the first version in a text: `1.8.9` of `iptables v1.8.9 (nf_tables)`. */
export function numberIn(text: string): Version | undefined {
  const found = (/\d+(?:\.\d+)+/.exec(text) ?? /(?<=version )\d+/.exec(text))?.[0];
  return found === undefined ? undefined : { text: found, parts: found.split('.').map(Number) };
}

/** Returns true if a version is older than another. Missing parts are 0. */
export function isOlder(one: readonly number[], other: readonly number[]): boolean {
  const length = Math.max(one.length, other.length);
  const index = Array.from({ length }, (_, place) => place).find(place => (one[place] ?? 0) !== (other[place] ?? 0));
  return index !== undefined && (one[index] ?? 0) < (other[index] ?? 0);
}

/** Before version 5, iproute2 named itself after a day of the year: `iproute2-ss180813`. */
const dateVersion = /iproute2-ss(\d{6})/;

/** Returns what is wrong with a version that is too old. */
function oldTrouble(name: string, text: string): ToolTrouble | undefined {
  const day = dateVersion.exec(text)?.[1];
  const { parts, text: shownVersion } = numberIn(text) ?? { parts: [], text: day ?? '' };
  const isTooOld = (what: string): ToolTrouble => ({
    what: `${name} ${shownVersion} is too old`,
    why: what,
    isOld: true,
  });
  if (name === 'ip' && day !== undefined && Number(day) < 180_813)
    return isTooOld('kproxy reads addresses as JSON, which ip prints well since iproute2 4.18.');
  if (!/^ip6?tables/.test(name) || parts.length === 0) return undefined;
  if (isOlder(parts, [1, 6, 2])) return isTooOld('iptables-restore can wait for its lock since version 1.6.2.');
  const isNft = text.includes('nf_tables');
  return isNft && isOlder(parts, [1, 8, 3])
    ? isTooOld('Up to version 1.8.2, iptables-nft corrupts rules (kubernetes/kubernetes#71305).')
    : undefined;
}
