import { type EndpointAddress, type EndpointSubset, subsetsOf } from '../../objects/endpoints.js';
import type { KubeObject } from '../../objects/object.js';
import { annotationLines, pairLines } from './lines.js';

export const endpointsLines = (object: KubeObject): readonly string[] => [
  `Name:\t${object.metadata.name}`,
  `Namespace:\t${object.metadata.namespace}`,
  ...pairLines('Labels', object.metadata.labels, '='),
  ...annotationLines(object.metadata.annotations),
  'Subsets:',
  ...subsetsOf(object).flatMap(subsetLines),
  'Events:\t<none>',
];

const ips = (addresses: readonly EndpointAddress[] = []): string => addresses.map(({ ip }) => ip).join(',') || '<none>';

function subsetLines({ addresses, notReadyAddresses, ports = [] }: EndpointSubset): readonly string[] {
  const rows = ports.map(({ name, port, protocol }) => `    ${name || '<unset>'}\t${port}\t${protocol}`);
  return [
    `  Addresses:\t${ips(addresses)}`,
    `  NotReadyAddresses:\t${ips(notReadyAddresses)}`,
    ...(rows.length === 0 ? [] : ['  Ports:', '    Name\tPort\tProtocol', '    ----\t----\t--------', ...rows]),
    '',
  ];
}
