import { type Table, table } from '../../table.js';
import { plural } from '../../text.js';
import type { Configuration } from './configuration.js';
import { gateDefault } from './gate-defaults.js';

/** Feature gates of Kubernetes 1.37 that concern kube-proxy in ipvs mode. */
const known: Table<{ readonly default: boolean; readonly instead: string }> = table({
  KubeProxyIPVS: { default: true, instead: 'kproxy has the ipvs mode only' },
  ContextualLogging: { default: true, instead: 'kproxy has one form of log lines' },
  LoggingAlphaOptions: { default: false, instead: 'kproxy does not use the options that it permits' },
  LoggingBetaOptions: { default: true, instead: 'kproxy always permits JSON' },
  MultiCIDRServiceAllocator: { default: true, instead: 'kproxy needs no ServiceCIDR objects' },
  PreferSameTrafficDistribution: { default: true, instead: 'kproxy always follows the hints of endpoints' },
});

/** Returns lines about the feature gates that differ from their default and that kproxy does not have. */
export function gateNotes({ values, originOf }: Configuration): readonly string[] {
  const origin = originOf('featureGates');
  if (origin.from === 'default') return [];
  const others: string[] = [];
  const lines: string[] = [];
  for (const [name, isOn] of Object.entries(values.featureGates)) {
    const gate = Object.hasOwn(known, name) ? known[name] : undefined;
    if (name === 'AllowServiceExternalIPs' || (gate?.default ?? gateDefault(name)) === isOn) continue;
    if (gate === undefined) others.push(name);
    else lines.push(`${origin.name}: ${name}=${isOn}: not used: ${gate.instead}`);
  }
  const [such, gates] = [plural(others.length, 'no such', 'none of these'), plural(others.length, 'gate', 'gates')];
  return others.length === 0
    ? lines
    : [...lines, `${origin.name}: ${others.join(', ')}: not used: kproxy has ${such} feature ${gates}`];
}
