import type { Configuration } from './configuration.js';

/** Feature gates of Kubernetes 1.37 that concern kube-proxy in ipvs mode. */
const known: Readonly<Record<string, { readonly default: boolean; readonly instead: string }>> = {
  KubeProxyIPVS: { default: true, instead: 'kproxy has the ipvs mode only' },
  ContextualLogging: { default: true, instead: 'kproxy has one form of log lines' },
  LoggingAlphaOptions: { default: false, instead: 'kproxy does not use the options that it permits' },
  LoggingBetaOptions: { default: true, instead: 'kproxy always permits JSON' },
  MultiCIDRServiceAllocator: { default: true, instead: 'kproxy needs no ServiceCIDR objects' },
  PreferSameTrafficDistribution: { default: true, instead: 'kproxy always follows the hints of endpoints' },
};

/** Returns a line for each feature gate that differs from its default and that kproxy does not have. */
export function gateNotes({ values, originOf }: Configuration): readonly string[] {
  const origin = originOf('featureGates');
  if (origin.from === 'default') return [];
  return Object.entries(values.featureGates).flatMap(([name, isOn]) => {
    if (name === 'AllowServiceExternalIPs') return [];
    const gate = Object.hasOwn(known, name) ? known[name] : undefined;
    if (gate === undefined) return [`${origin.name}: ${name}: not used: kproxy has no such feature gate`];
    return gate.default === isOn ? [] : [`${origin.name}: ${name}=${isOn}: not used: ${gate.instead}`];
  });
}
