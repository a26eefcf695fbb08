import { endpointsText, subsetsOf } from '../../objects/endpoints.js';
import type { KubeObject } from '../../objects/object.js';
import { type ServicePort, type ServiceSpec, serviceOf } from '../../objects/service.js';
import { pairsText } from '../tables/column.js';
import { balancerAddresses } from '../tables/services.js';
import { annotationLines, pairLines } from './lines.js';

/** @param endpoints the Endpoints object of the same name */
export function serviceLines(object: KubeObject, endpoints: KubeObject | undefined): readonly string[] {
  const service = serviceOf(object);
  const { metadata, spec } = service;
  const ingress = balancerAddresses(service);
  return [
    `Name:\t${metadata.name}`,
    `Namespace:\t${metadata.namespace}`,
    ...pairLines('Labels', metadata.labels, '='),
    ...annotationLines(metadata.annotations),
    `Selector:\t${pairsText(spec.selector)}`,
    `Type:\t${spec.type}`,
    `IP Family Policy:\t${spec.ipFamilyPolicy ?? '<none>'}`,
    `IP Families:\t${spec.ipFamilies?.join(',') ?? '<none>'}`,
    `IP:\t${spec.clusterIP ?? ''}`,
    `IPs:\t${spec.clusterIPs?.join(',') ?? '<none>'}`,
    ...optional('External IPs', spec.externalIPs?.join(',')),
    ...optional('External Name', spec.externalName),
    ...optional('LoadBalancer Ingress', ingress.join(', ') || undefined),
    ...(spec.ports ?? []).flatMap(port => portLines(port, endpoints)),
    `Session Affinity:\t${spec.sessionAffinity}`,
    ...policyLines(spec),
    'Events:\t<none>',
  ];
}

const optional = (title: string, text: string | undefined): readonly string[] =>
  text === undefined ? [] : [`${title}:\t${text}`];

function portLines(port: ServicePort, endpoints: KubeObject | undefined): readonly string[] {
  const { name = '', protocol = 'TCP', targetPort, nodePort } = port;
  const title = name === '' ? '<unset>' : name;
  return [
    `Port:\t${title}\t${port.port}/${protocol}`,
    `TargetPort:\t${targetPort}/${protocol}`,
    ...(nodePort === undefined ? [] : [`NodePort:\t${title}\t${nodePort}/${protocol}`]),
    `Endpoints:\t${endpointsText(subsetsOf(endpoints), name)}`,
  ];
}

const policyLines = ({ externalTrafficPolicy, internalTrafficPolicy }: ServiceSpec): readonly string[] => [
  ...optional('External Traffic Policy', externalTrafficPolicy),
  ...optional('Internal Traffic Policy', internalTrafficPolicy),
];
