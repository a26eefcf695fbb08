import { fieldOf, type KubeObject, listOf } from '../../objects/object.js';
import { isExternalName, type Service, type ServicePort, serviceOf } from '../../objects/service.js';
import { ageColumn, type Column, pairsText } from './column.js';

const none = '<none>';

const column = (header: string, cell: (service: Service) => string): Column => ({
  header,
  cell: object => cell(serviceOf(object)),
});

export const serviceColumns: readonly Column[] = [
  column('TYPE', ({ spec }) => spec.type ?? 'ClusterIP'),
  column('CLUSTER-IP', ({ spec }) => (isExternalName(spec) ? none : spec.clusterIP || none)),
  column('EXTERNAL-IP', externalText),
  column('PORT(S)', ({ spec }) => (spec.ports ?? []).map(portText).join(',') || none),
  ageColumn,
  { ...column('SELECTOR', ({ spec }) => pairsText(spec.selector)), isWide: true },
];

function externalText(service: Service): string {
  const { spec } = service;
  if (isExternalName(spec)) return spec.externalName ?? '';
  const balanced = spec.type === 'LoadBalancer' ? balancerAddresses(service) : [];
  const addresses = [...balanced, ...(spec.externalIPs ?? [])];
  return addresses.join(',') || (spec.type === 'LoadBalancer' ? '<pending>' : none);
}

export const balancerAddresses = ({ status }: KubeObject): readonly string[] =>
  listOf(fieldOf(status, 'loadBalancer', 'ingress')).map(ingress =>
    String(fieldOf(ingress, 'ip') ?? fieldOf(ingress, 'hostname') ?? ''),
  );

const portText = ({ port, nodePort, protocol = 'TCP' }: ServicePort): string =>
  `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`;
