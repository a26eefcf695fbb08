/** A kind of object that this kubectl knows. */
export interface Kind {
  readonly name: 'Pod' | 'Service' | 'Endpoints' | 'Node' | 'EndpointSlice' | 'Namespace';
  readonly apiVersion: string;
  /** In paths and in the API server's messages: `services`. */
  readonly plural: string;
  /** In kubectl's messages, before a slash and the name: `service`. */
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly isNamespaced: boolean;
  /** True if `get all` lists it. */
  readonly isInAll?: true;
  /** True for kinds whose objects cannot be written here. */
  readonly isFixed?: true;
  /** True if the API server creates an object that `replace` finds missing. */
  readonly isCreatedByUpdate?: true;
}

export const pods: Kind = {
  name: 'Pod',
  apiVersion: 'v1',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  isNamespaced: true,
  isInAll: true,
};

export const services: Kind = {
  name: 'Service',
  apiVersion: 'v1',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  isNamespaced: true,
  isInAll: true,
  isCreatedByUpdate: true,
};

export const endpoints: Kind = {
  name: 'Endpoints',
  apiVersion: 'v1',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  isNamespaced: true,
  isCreatedByUpdate: true,
};

const nodes: Kind = {
  name: 'Node',
  apiVersion: 'v1',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  isNamespaced: false,
};

/** There are none: no controller makes them here. kproxy asks for them first. */
const endpointSlices: Kind = {
  name: 'EndpointSlice',
  apiVersion: 'discovery.k8s.io/v1',
  plural: 'endpointslices',
  singular: 'endpointslice.discovery.k8s.io',
  shortNames: ['endpointslice'],
  isNamespaced: true,
  isFixed: true,
};

export const namespaces: Kind = {
  name: 'Namespace',
  apiVersion: 'v1',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  isNamespaced: false,
  isFixed: true,
};

/** In the order in which `get all` prints them. */
export const kinds: readonly Kind[] = [pods, services, endpoints, nodes, endpointSlices, namespaces];

/** The one namespace of the cluster. */
export const defaultNamespace = 'default';

/** Returns the kind that a user calls by this name: `svc`, `Service`, `services.v1`. */
export function kindCalled(word: string): Kind | undefined {
  const name = word.toLowerCase();
  return kinds.find(kind => {
    const group = kind.apiVersion.includes('/') ? kind.apiVersion.replace(/\/.*/, '') : '';
    const names = [kind.plural, kind.singular, ...kind.shortNames];
    return names.includes(name) || (group !== '' && name === `${kind.plural}.${group}`);
  });
}

/** Returns the kind of an object by what it says itself. */
export const kindNamed = (apiVersion: string, name: string): Kind | undefined =>
  kinds.find(kind => kind.name === name && kind.apiVersion === apiVersion);

/** Returns `service/web-service`, as kubectl names an object. */
export const slashName = ({ singular }: Kind, name: string): string => `${singular}/${name}`;
