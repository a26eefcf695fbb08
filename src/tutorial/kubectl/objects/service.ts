import type { KubeObject, Texts } from './object.js';

/** The fields of a Service that are shown or checked. Every stored Service has them in these types. */
export interface Service extends KubeObject {
  readonly spec: ServiceSpec;
}

export interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly ipFamilies?: readonly string[];
  readonly ipFamilyPolicy?: string;
  readonly externalIPs?: readonly string[];
  readonly externalName?: string;
  readonly externalTrafficPolicy?: string;
  readonly internalTrafficPolicy?: string;
  readonly sessionAffinity?: string;
  readonly sessionAffinityConfig?: unknown;
  readonly allocateLoadBalancerNodePorts?: boolean;
  readonly selector?: Texts;
  readonly ports?: readonly ServicePort[];
  readonly [field: string]: unknown;
}

export interface ServicePort {
  readonly name?: string;
  readonly protocol?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
  readonly [field: string]: unknown;
}

export const serviceOf = (object: KubeObject): Service => ({ ...object, spec: (object.spec ?? {}) as ServiceSpec });

export const hasNodePorts = ({ type }: ServiceSpec): boolean => type === 'NodePort' || type === 'LoadBalancer';

export const isExternalName = ({ type }: ServiceSpec): boolean => type === 'ExternalName';
