import { fieldOf, type KubeObject, listOf, type Mapping, mappingOf } from '../../objects/object.js';
import { isReady, podStatus } from '../tables/pods.js';
import { annotationLines, pairLines, textAt } from './lines.js';

/** The fields of a Pod that say anything about a Service. kubectl prints others, which are empty here. */
export const podLines = (pod: KubeObject): readonly string[] => [
  `Name:\t${pod.metadata.name}`,
  `Namespace:\t${pod.metadata.namespace}`,
  `Node:\t${textAt(pod.spec, 'nodeName')}`,
  ...pairLines('Labels', pod.metadata.labels, '='),
  ...annotationLines(pod.metadata.annotations),
  `Status:\t${podStatus(pod)}`,
  `IP:\t${textAt(pod.status, 'podIP', '')}`,
  'IPs:',
  ...addressLines(pod),
  'Containers:',
  ...listOf(pod.spec?.containers).flatMap(container => containerLines(mappingOf(container), isReady(pod))),
  'Conditions:',
  '  Type\tStatus',
  ...listOf(pod.status?.conditions).map(
    condition => `  ${fieldOf(condition, 'type')}\t${fieldOf(condition, 'status')} `,
  ),
  'Events:\t<none>',
];

function addressLines({ status }: KubeObject): readonly string[] {
  const addresses = listOf(status?.podIPs);
  return addresses.length === 0 ? ['  <none>'] : addresses.map(address => `  IP:\t${fieldOf(address, 'ip')}`);
}

function containerLines(container: Mapping, ready: boolean): readonly string[] {
  const ports = listOf(container.ports).map(
    port => `${fieldOf(port, 'containerPort')}/${fieldOf(port, 'protocol') ?? 'TCP'}`,
  );
  return [
    `  ${textAt(container, 'name')}:`,
    `    Image:\t${textAt(container, 'image')}`,
    `    ${ports.length > 1 ? 'Ports' : 'Port'}:\t${ports.join(', ') || '<none>'}`,
    `    Ready:\t${ready ? 'True' : 'False'}`,
  ];
}
