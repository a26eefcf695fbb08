import { subsetsOf } from '../objects/endpoints.js';
import type { Kind } from '../objects/kinds.js';
import type { KubeObject, Mapping } from '../objects/object.js';
import { serviceOf } from '../objects/service.js';
import { allocate } from './allocate.js';
import { endpointsProblems } from './check-endpoints.js';
import { invalidValue } from './check-metadata.js';
import { serviceProblems } from './check-service.js';
import { subdomainProblem } from './names.js';
import { newPodStatus, podProblems } from './pod.js';
import { withServiceDefaults } from './service-defaults.js';

/** What the API server does with an object of one kind when it is written. */
export interface WriteRules {
  /** The status of a new object. A kind without one keeps what was written. */
  readonly newStatus?: Mapping;
  /**
   * Fills in what was not written.
   * @param others the other objects of the kind
   */
  readonly complete: (object: KubeObject, old: KubeObject | undefined, others: readonly KubeObject[]) => KubeObject;
  /** Returns what is wrong, as `spec.type: Unsupported value: …`. */
  readonly problems: (object: KubeObject, old: KubeObject | undefined) => readonly string[];
}

const asWritten = (object: KubeObject): KubeObject => object;

const nameProblems = ({ metadata: { name } }: KubeObject): readonly string[] => {
  const problem = subdomainProblem(name);
  return problem === undefined ? [] : [invalidValue('metadata.name', name, problem)];
};

const serviceRules: WriteRules = {
  newStatus: { loadBalancer: {} },
  complete(object, old, others) {
    const before = old === undefined ? undefined : serviceOf(old).spec;
    const spec = withServiceDefaults(serviceOf(object).spec, before);
    return { ...object, spec: allocate(object.metadata.name, spec, others, before) };
  },
  problems: serviceProblems,
};

const endpointsRules: WriteRules = {
  complete(object) {
    if (object.subsets === undefined) return object;
    const subsets = subsetsOf(object).map(subset => ({
      ...subset,
      ...(subset.ports && { ports: subset.ports.map(port => ({ ...port, protocol: port.protocol ?? 'TCP' })) }),
    }));
    return { ...object, subsets };
  },
  problems: object => [...nameProblems(object), ...endpointsProblems(object)],
};

export const rulesOf: Readonly<Record<Kind['name'], WriteRules>> = {
  Service: serviceRules,
  Endpoints: endpointsRules,
  Pod: {
    newStatus: newPodStatus,
    complete: asWritten,
    problems: (pod, old) => [...nameProblems(pod), ...podProblems(pod, old)],
  },
  Node: { complete: asWritten, problems: nameProblems },
  EndpointSlice: { complete: asWritten, problems: nameProblems },
  Namespace: { complete: asWritten, problems: nameProblems },
};
