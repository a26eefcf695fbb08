import { ownSysctlNames } from '../../../node/names.js';
import { sysctlName, sysctlPath } from '../../../node/sysctl-name.js';
import { type SysctlName, sysctlReasons } from '../../../proxy/host.js';
import { unknownPart } from '../near-parts.js';
import { kernel } from '../owners.js';
import type { PartSources, SysctlExplanation } from '../part.js';
import { stateOfPart } from '../part-state.js';
import { foreignSysctls, ownSysctls, type SysctlKnowledge } from './sysctl-knowledge.js';

/**
 * Explains a kernel parameter, by its name with dots or by its path with slashes, with or without `/proc/sys/`.
 * @throws KproxyError `option-invalid` if kproxy does not know it
 */
export function explainSysctl(asked: string, sources: PartSources): SysctlExplanation {
  const path = pathOf(asked, sources);
  const known = knowledgeOf(path);
  if (known === undefined) throw unknownPart('sysctl', asked, knownNames(sources), sources.actual !== undefined);
  const { meaning, ...knowledge } = known;
  const key = `sysctl ${path}`;
  const value = sources.actual?.sysctls[path];
  const wanted = sources.desired.state.get(key);
  const { state } = stateOfPart(sources, { key, owner: kernel, isThere: value !== undefined });
  const effective = value === undefined ? undefined : effectiveValue(path, value, sources);
  const decisive = effective ?? value;
  return {
    kind: 'sysctl',
    name: sysctlName(path),
    path: `/proc/sys/${path}`,
    state: wanted === undefined ? (isOwn(path) ? 'not needed' : 'foreign') : state,
    value,
    needed: wanted?.kind === 'sysctl' ? wanted.value : undefined,
    isOnlyRaised: wanted?.kind === 'sysctl' && wanted.atLeast === true,
    effective,
    meaning: decisive === undefined ? undefined : meaning(decisive),
    ...knowledge,
  };
}

/** Returns the path below /proc/sys. People write the dots of a device as dots: `net.ipv4.conf.eth0.100.rp_filter`. */
function pathOf(asked: string, { actual }: PartSources): string {
  const name = asked.trim().replace(/^\/?proc\/sys\//, '');
  const flat = (text: string) => text.replaceAll('.', '/');
  const known = Object.keys(actual?.sysctls ?? {}).find(path => flat(path) === flat(name));
  return known ?? (/^[^./]*\./.test(name) ? sysctlPath(name) : name);
}

const isOwn = (path: string): path is SysctlName => (ownSysctlNames as readonly string[]).includes(path);

function knowledgeOf(path: string): SysctlKnowledge | undefined {
  if (isOwn(path)) return { ...ownSysctls[path], without: sysctlReasons[path] };
  return Object.entries(foreignSysctls).find(([pattern]) => fits(pattern, path))?.[1];
}

/** Returns true for a path that a pattern fits, whose asterisk is one name. */
function fits(pattern: string, path: string): boolean {
  const [start = '', end] = pattern.split('*');
  if (end === undefined) return pattern === path;
  const device = path.slice(start.length, path.length - end.length);
  return path.startsWith(start) && path.endsWith(end) && device !== '' && !device.includes('/');
}

const knownNames = ({ actual }: PartSources): readonly string[] =>
  [
    ...ownSysctlNames,
    ...Object.keys(foreignSysctls).map(pattern => pattern.replace('*', 'all')),
    ...Object.keys(actual?.sysctls ?? {}).filter(path => knowledgeOf(path) !== undefined),
  ].map(sysctlName);

/** Of the device's value and of that for all devices, the larger counts (the kernel's IN_DEV_MAXCONF and ORCONF). */
const larger =
  /^(net\/ipv4\/conf\/)(.+)(\/(?:rp_filter|src_valid_mark|route_localnet|accept_local|arp_ignore|arp_announce))$/;

function effectiveValue(path: string, value: string, { actual }: PartSources): string | undefined {
  const [, start, device, end] = larger.exec(path) ?? [];
  if (device === undefined || device === 'all' || device === 'default') return undefined;
  const forAll = actual?.sysctls[`${start}all${end}`];
  return forAll === undefined ? undefined : String(Math.max(Number(value), Number(forAll)));
}
