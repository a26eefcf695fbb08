import type { Cluster } from '../../cluster/cluster.js';
import { namespacedName } from '../../cluster/names.js';
import { invalidObjectLine } from '../../cluster/problems.js';
import type { Service } from '../../cluster/schema/service.js';
import { KproxyError } from '../../errors.js';
import { type Protocol, protocolNames } from '../../net/protocol.js';
import type { ServicePort } from '../../proxy/service-port.js';
import { similarNames } from '../../similar-names.js';
import { someText } from '../../text.js';
import type { Asked } from './asked.js';

type AskedService = Extract<Asked, { kind: 'service' }>;

const defaultNamespace = 'default';

/**
 * Returns the Service that was asked about.
 * @throws KproxyError `service-missing` that names what the cluster has instead
 */
export function findService(asked: AskedService, { services, invalid }: Cluster): Service {
  const namespace = asked.namespace ?? defaultNamespace;
  const name = namespacedName({ namespace, name: asked.name });
  const found = services.find(({ metadata }) => namespacedName(metadata) === name);
  if (found !== undefined) return found;
  const broken = invalid.find(object => object.kind === 'Service' && namespacedName(object) === name);
  throw new KproxyError({
    code: 'service-missing',
    message: broken === undefined ? `there is no Service ${name}` : `the Service ${name} is invalid`,
    evidence: broken === undefined ? instead(asked.name, namespace, services) : invalidObjectLine(broken),
    advice: broken === undefined ? 'Give [NAMESPACE/]SERVICE[:PORT], or -n NAMESPACE.' : 'Fix the Service first.',
  });
}

/** Returns the Services that the user may have meant, in one line: those of this name elsewhere, else similar ones. */
function instead(name: string, namespace: string, services: readonly Service[]): string {
  const all = services.map(({ metadata }) => metadata);
  const same = all.filter(one => one.name === name);
  if (same.length > 0) return `There is ${sortedText(same.map(namespacedName))}.`;
  const near = new Set(
    similarNames(
      name,
      all.map(one => one.name),
    ),
  );
  const similar = all.filter(one => near.has(one.name)).map(namespacedName);
  if (similar.length > 0) return `Did you mean ${sortedText(similar)}?`;
  const here = all.filter(one => one.namespace === namespace);
  if (here.length > 0) return `The namespace ${namespace} has ${sortedText(here.map(one => one.name))}.`;
  return all.length === 0 ? 'The cluster has no Services.' : `The namespace ${namespace} has no Services.`;
}

const sortedText = (names: readonly string[]): string => someText(names.toSorted());

/**
 * Returns those of a Service's ports that were asked about.
 * @throws KproxyError `port-missing` that names the ports that the Service has
 */
export function requirePorts(
  asked: AskedService,
  protocol: Protocol | undefined,
  service: string,
  ports: readonly ServicePort[],
): readonly ServicePort[] {
  const found = ports.filter(
    port => isAsked(port, asked.port) && (protocol === undefined || port.protocol === protocol),
  );
  if (found.length > 0) return found;
  const wanted = [
    ...(asked.port === undefined ? [] : [`port ${asked.port}`]),
    ...(protocol === undefined
      ? []
      : [asked.port === undefined ? `${protocolNames[protocol]} port` : protocolNames[protocol]]),
  ];
  throw new KproxyError({
    code: 'port-missing',
    message: `the Service ${service} has no ${wanted.join(' of ')}`,
    evidence: `It has ${[...new Set(ports.map(portText))].join(', ')}.`,
    advice: 'Give the number or the name of one of these.',
  });
}

const isAsked = ({ port, portName }: ServicePort, asked: number | string | undefined): boolean =>
  asked === undefined || (typeof asked === 'number' ? port === asked : portName === asked);

const portText = ({ port, portName, protocol }: ServicePort): string =>
  `${port}/${protocolNames[protocol]}${portName === '' ? '' : ` (${portName})`}`;
