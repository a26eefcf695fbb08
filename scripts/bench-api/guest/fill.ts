import { type Api, forEach } from './api.js';
import { flippingPod, largeService, podObjects, podStatuses, readiness, serviceObjects } from './cluster.js';
import { conditionsAt, nodeNameOf, nodeObject } from './node-object.js';
import { waitUntil } from './wait.js';

const kubelet = 'kubelet/v1.37.2 (linux/amd64) kubernetes/benchmark';
const user = 'kubectl/v1.37.2 (linux/amd64) kubernetes/benchmark';
const pods = '/api/v1/namespaces/default/pods';

/** Creates the Nodes from the first index to before the last. */
export async function createNodes(api: Api, first: number, last: number): Promise<void> {
  await forEach(indicesOf(first, last), index => api.create('/api/v1/nodes', nodeObject(index), kubelet));
  // The first one adds to managedFields. Later ones are all alike.
  await beatHearts(api, last, '2026-01-01T00:05:00Z', first);
}

const indicesOf = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first }, (_, offset) => first + offset);

/** Creates the Pods and the Services, and waits until the controllers have written slices and Endpoints of them. */
export async function createServices(api: Api): Promise<void> {
  await forEach([...podObjects.entries()], async ([index, pod]) => {
    await api.create(pods, pod, user);
    await api.patch(`${pods}/${pod.metadata.name}/status`, podStatuses[index] ?? {}, kubelet);
  });
  await forEach(serviceObjects, service => api.create('/api/v1/namespaces/default/services', service, user));
  await waitUntil(
    'EndpointSlices and Endpoints for all Pods',
    async () => {
      const [inSlices, inEndpoints] = [await endpointsInSlices(api), await addressesInEndpoints(api)];
      return inSlices === podObjects.length && inEndpoints === podObjects.length;
    },
    600,
    2_000,
  );
}

interface Slice {
  readonly endpoints?: readonly {
    readonly conditions?: { readonly ready?: boolean };
    readonly targetRef?: { readonly name?: string };
  }[];
}
interface Endpoints {
  readonly subsets?: readonly { readonly addresses?: readonly unknown[] }[];
}

const itemsOf = async <Item>(api: Api, path: string): Promise<readonly Item[]> =>
  ((await api.get(path)) as { readonly items: readonly Item[] }).items;

const slicesPath = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';
const endpointsInSlices = async (api: Api): Promise<number> =>
  (await itemsOf<Slice>(api, slicesPath)).flatMap(({ endpoints = [] }) => endpoints).length;
const addressesInEndpoints = async (api: Api): Promise<number> =>
  (await itemsOf<Endpoints>(api, '/api/v1/namespaces/default/endpoints')).flatMap(({ subsets = [] }) =>
    subsets.flatMap(({ addresses = [] }) => addresses),
  ).length;

/** Writes one heartbeat of every Node, as a kubelet does every five minutes. */
export const beatHearts = (api: Api, nodes: number, time: string, first = 0): Promise<void> =>
  forEach(indicesOf(first, nodes), index =>
    api.patch(`/api/v1/nodes/${nodeNameOf(index)}/status`, { status: { conditions: conditionsAt(time) } }, kubelet),
  );

/** Makes one Pod of the large Service not ready, and ready, in turn. Waits for the controllers after each flip. */
export async function flipReadiness(api: Api, times: number): Promise<void> {
  for (let flip = 0; flip < times; flip += 1) {
    const isReady = flip % 2 === 1;
    await api.patch(`${pods}/${flippingPod}/status`, { status: readiness(isReady) }, kubelet);
    await waitUntil(`the controllers' writes of flip ${flip + 1}`, () => isFlipped(api, isReady));
  }
}

async function isFlipped(api: Api, isReady: boolean): Promise<boolean> {
  const slices = await itemsOf<Slice>(
    api,
    `${slicesPath}?labelSelector=kubernetes.io%2Fservice-name%3D${largeService.name}`,
  );
  const endpoint = slices
    .flatMap(({ endpoints = [] }) => endpoints)
    .find(({ targetRef }) => targetRef?.name === flippingPod);
  const { subsets = [] } = (await api.get(`/api/v1/namespaces/default/endpoints/${largeService.name}`)) as Endpoints;
  const ready = subsets.flatMap(({ addresses = [] }) => addresses).length;
  return endpoint?.conditions?.ready === isReady && ready === largeService.pods - (isReady ? 0 : 1);
}
