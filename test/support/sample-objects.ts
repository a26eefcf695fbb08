/** Objects of a cluster for tests, as kubectl returns them. */

export interface SamplePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
}

export const serviceObject = (name: string, clusterIP: string, spec: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { clusterIP, ports: [{ port: 80 }], ...spec },
});

/** Returns an Endpoints object with one subset. */
export const endpointsObject = (
  name: string,
  addresses: readonly string[],
  ports: readonly SamplePort[] = [{ port: 8080 }],
): object => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name, namespace: 'default' },
  subsets: addresses.length === 0 ? [] : [{ addresses: addresses.map(ip => ({ ip })), ports }],
});

export const listText = (...items: readonly object[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

/** Returns a UDP Service named `dns` with its endpoints. */
export const udpObjects = (clusterIP: string, addresses: readonly string[]): readonly object[] => [
  serviceObject('dns', clusterIP, { ports: [{ port: 53, protocol: 'UDP' }] }),
  endpointsObject('dns', addresses, [{ port: 5353, protocol: 'UDP' }]),
];
