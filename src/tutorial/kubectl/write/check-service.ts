import type { KubeObject } from '../objects/object.js';
import { hasNodePorts, isExternalName, type ServicePort, type ServiceSpec, serviceOf } from '../objects/service.js';
import { addressProblem } from './addresses.js';
import { invalidValue, labelProblems } from './check-metadata.js';
import { labelNameProblem, portNameProblem } from './names.js';

/** Returns what the API server finds wrong with a Service that has its defaults. */
export function serviceProblems(object: KubeObject, old: KubeObject | undefined): readonly string[] {
  const { metadata, spec } = serviceOf(object);
  const name = labelNameProblem(metadata.name);
  return [
    ...(name === undefined ? [] : [invalidValue('metadata.name', metadata.name, name)]),
    ...requiredPorts(spec),
    ...(spec.ports ?? []).flatMap((port, index, ports) => portProblems(port, index, ports, spec)),
    ...labelProblems('spec.selector', spec.selector ?? {}),
    ...affinityProblems(spec),
    ...typeProblems(spec),
    ...clusterIPProblems(spec, old === undefined ? undefined : serviceOf(old).spec),
    ...(spec.externalIPs ?? []).flatMap((ip, index) => addressProblems(`spec.externalIPs[${index}]`, ip)),
  ];
}

const addressProblems = (path: string, ip: string): readonly string[] => {
  const problem = addressProblem(ip);
  return problem === undefined ? [] : [invalidValue(path, ip, problem)];
};

function requiredPorts(spec: ServiceSpec): readonly string[] {
  if (isExternalName(spec)) return spec.externalName ? [] : ['spec.externalName: Required value'];
  return (spec.ports ?? []).length > 0 || spec.clusterIP === 'None' ? [] : ['spec.ports: Required value'];
}

const protocols = ['SCTP', 'TCP', 'UDP'];

function unsupported(path: string, value: unknown, values: readonly string[]): string {
  const list = values.map(supported => JSON.stringify(supported)).join(', ');
  return `${path}: Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`;
}

export const portRange = 'must be between 1 and 65535, inclusive';
export const isPortNumber = (port: number): boolean => port >= 1 && port <= 65_535;

/** Returns what is wrong with a transport protocol. */
export const protocolProblems = (path: string, protocol: string): readonly string[] =>
  protocols.includes(protocol) ? [] : [unsupported(path, protocol, protocols)];

function portProblems(
  port: ServicePort,
  index: number,
  ports: readonly ServicePort[],
  spec: ServiceSpec,
): readonly string[] {
  const path = `spec.ports[${index}]`;
  const { nodePort, protocol = 'TCP' } = port;
  return [
    ...nameProblems(port, index, ports),
    ...(isPortNumber(port.port) ? [] : [invalidValue(`${path}.port`, port.port, portRange)]),
    ...protocolProblems(`${path}.protocol`, protocol),
    ...targetPortProblems(`${path}.targetPort`, port.targetPort),
    ...(nodePort !== undefined && !hasNodePorts(spec)
      ? [`${path}.nodePort: Forbidden: may not be used when \`type\` is '${spec.type}'`]
      : []),
    ...duplicatePort(port, index, ports),
  ];
}

function nameProblems({ name = '' }: ServicePort, index: number, ports: readonly ServicePort[]): readonly string[] {
  const path = `spec.ports[${index}].name`;
  if (name === '') return ports.length > 1 ? [`${path}: Required value`] : [];
  const problem = labelNameProblem(name);
  if (problem !== undefined) return [invalidValue(path, name, problem)];
  const isTaken = ports.slice(0, index).some(other => other.name === name);
  return isTaken ? [`${path}: Duplicate value: ${JSON.stringify(name)}`] : [];
}

function targetPortProblems(path: string, target: number | string | undefined): readonly string[] {
  if (target === undefined) return [];
  if (typeof target === 'number') return isPortNumber(target) ? [] : [invalidValue(path, target, portRange)];
  const problem = portNameProblem(target);
  return problem === undefined ? [] : [invalidValue(path, target, problem)];
}

/** The API server prints the whole port, with the names of its fields in Go. */
function duplicatePort(port: ServicePort, index: number, ports: readonly ServicePort[]): readonly string[] {
  const isSame = (other: ServicePort) => other.port === port.port && other.protocol === port.protocol;
  if (!ports.slice(0, index).some(isSame)) return [];
  const value = { Name: '', Protocol: port.protocol, AppProtocol: null, Port: port.port, TargetPort: 0, NodePort: 0 };
  return [`spec.ports[${index}]: Duplicate value: ${JSON.stringify(value)}`];
}

const affinityProblems = ({ sessionAffinity }: ServiceSpec): readonly string[] =>
  ['ClientIP', 'None'].includes(sessionAffinity ?? 'None')
    ? []
    : [unsupported('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None'])];

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

const typeProblems = ({ type }: ServiceSpec): readonly string[] =>
  types.includes(type ?? '') ? [] : [unsupported('spec.type', type, types)];

function clusterIPProblems({ type, clusterIP, clusterIPs }: ServiceSpec, old?: ServiceSpec): readonly string[] {
  if (clusterIP === undefined || type === 'ExternalName') return [];
  const before = old?.clusterIP;
  if (before !== undefined && before !== '' && (before !== clusterIP || before !== clusterIPs?.[0]))
    return [invalidValue('spec.clusterIPs[0]', clusterIPs, 'may not change once set')];
  return clusterIP === 'None' ? [] : addressProblems('spec.clusterIPs[0]', clusterIP);
}
