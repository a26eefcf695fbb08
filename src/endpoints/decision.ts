import type { EndpointSubset, Endpoints } from '../cluster/schema/endpoints.js';
import type { Service } from '../cluster/schema/service.js';

/** An Endpoints object as kproxy writes it, without what the API server adds (uid, timestamps). */
export interface EndpointsObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Endpoints';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly subsets?: readonly EndpointSubset[];
}

/** What to do about a Service's Endpoints object. */
export type EndpointsDecision = IgnoredService | UnchangedEndpoints | ChangedEndpoints;

/** A Service whose Endpoints object is not kproxy's to write. */
interface IgnoredService {
  readonly outcome: 'left alone';
  readonly service: Service;
  readonly reason: string;
}

/** A Service whose Endpoints object is up to date. */
interface UnchangedEndpoints {
  readonly outcome: 'unchanged';
  readonly service: Service;
  readonly object: EndpointsObject;
  readonly existing: Endpoints;
}

/** A Service whose Endpoints object is missing or out of date. */
export interface ChangedEndpoints {
  readonly outcome: 'changed';
  readonly service: Service;
  readonly object: EndpointsObject;
  readonly existing: Endpoints | undefined;
}
