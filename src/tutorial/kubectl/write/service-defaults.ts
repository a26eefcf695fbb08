import { hasNodePorts, isExternalName, type ServicePort, type ServiceSpec } from '../objects/service.js';

/**
 * Returns a Service's spec with what the API server fills in, except for the addresses and ports that it allocates.
 * @param old the spec before, which lends its addresses to one without any
 */
export function withServiceDefaults(spec: ServiceSpec, old: ServiceSpec | undefined): ServiceSpec {
  const type = spec.type ?? 'ClusterIP';
  const sessionAffinity = spec.sessionAffinity ?? 'None';
  const ports = spec.ports?.map(port => withPortDefaults(port, { ...spec, type }, old));
  const filled = { ...spec, ...affinityConfig(spec, sessionAffinity), ...(ports && { ports }), sessionAffinity, type };
  return isExternalName(filled) ? withoutClusterFields(filled) : withClusterDefaults(filled, old);
}

function withPortDefaults(port: ServicePort, spec: ServiceSpec, old: ServiceSpec | undefined): ServicePort {
  const protocol = port.protocol ?? 'TCP';
  const before = old?.ports?.find(other => other.port === port.port && (other.protocol ?? 'TCP') === protocol);
  const { nodePort, ...rest } = port;
  // The API server takes node ports back that were its own choice for another type.
  const isLeftOver = !hasNodePorts(spec) && nodePort !== undefined && nodePort === before?.nodePort;
  const kept = isLeftOver ? undefined : (nodePort ?? (hasNodePorts(spec) ? before?.nodePort : undefined));
  const targetPort = port.targetPort || port.port;
  return { ...rest, protocol, targetPort, ...(kept === undefined ? {} : { nodePort: kept }) };
}

const threeHours = 10_800;

function affinityConfig({ sessionAffinityConfig }: ServiceSpec, sessionAffinity: string): Partial<ServiceSpec> {
  // Undefined takes it away when the affinity is turned off.
  if (sessionAffinity !== 'ClientIP') return { sessionAffinityConfig: undefined };
  return { sessionAffinityConfig: sessionAffinityConfig ?? { clientIP: { timeoutSeconds: threeHours } } };
}

function withClusterDefaults(spec: ServiceSpec, old: ServiceSpec | undefined): ServiceSpec {
  const { externalTrafficPolicy, allocateLoadBalancerNodePorts, ...others } = spec;
  const clusterIP = clusterIPOf(spec, old);
  return {
    ...others,
    ...(clusterIP === undefined ? {} : { clusterIP, clusterIPs: clusterIPsOf(clusterIP, spec, old) }),
    internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster',
    ipFamilies: spec.ipFamilies ?? ['IPv4'],
    ipFamilyPolicy: spec.ipFamilyPolicy ?? 'SingleStack',
    ...(hasNodePorts(spec) ? { externalTrafficPolicy: externalTrafficPolicy ?? 'Cluster' } : {}),
    ...(spec.type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: allocateLoadBalancerNodePorts ?? true } : {}),
  };
}

const clusterIPOf = (spec: ServiceSpec, old: ServiceSpec | undefined): string | undefined =>
  spec.clusterIP || spec.clusterIPs?.[0] || old?.clusterIP || undefined;

/** The list begins with the single field, except that a list which was changed alone wins. */
function clusterIPsOf(clusterIP: string, spec: ServiceSpec, old: ServiceSpec | undefined): readonly string[] {
  const [, ...others] = spec.clusterIPs ?? [];
  const isListChanged = spec.clusterIPs !== undefined && spec.clusterIPs[0] !== old?.clusterIPs?.[0];
  return isListChanged && spec.clusterIP === old?.clusterIP ? (spec.clusterIPs ?? []) : [clusterIP, ...others];
}

const clusterFields = [
  'clusterIP',
  'clusterIPs',
  'ipFamilies',
  'ipFamilyPolicy',
  'internalTrafficPolicy',
  'externalTrafficPolicy',
  'allocateLoadBalancerNodePorts',
];

const withoutClusterFields = (spec: ServiceSpec): ServiceSpec =>
  Object.fromEntries(Object.entries(spec).filter(([field]) => !clusterFields.includes(field)));
