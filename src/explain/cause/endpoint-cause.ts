import { isMadeByController } from '../../cluster/made-by-controller.js';
import { quotedIfHostile } from '../../cluster/problems.js';
import type { Service } from '../../cluster/schema/service.js';
import { addressAndPort } from '../../net/address.js';
import { type Endpoint, type EndpointSources, endpointSources, endpointsFrom } from '../../proxy/endpoint.js';
import { selectEndpoints } from '../../proxy/endpoint-selection.js';
import type { ServicePort } from '../../proxy/service-port.js';
import { topologyOf } from '../../proxy/topology.js';
import { hasSelector } from '../../sync/endpoints-source/endpoints-source.js';
import { someText } from '../../text.js';
import { placedEndpoints } from '../datapath/desired/known-endpoints.js';
import type { Cause } from '../explanation.js';
import { badEnd } from '../trace/trace-ends.js';
import type { CauseInput, FlowResult } from './cause-input.js';

import { podReason } from './pod-reason.js';
import { servicePortOf } from './service-of-target.js';

/** What is known of a Service port without a usable endpoint. */
interface Unserved {
  readonly input: CauseInput;
  readonly port: ServicePort;
  readonly service: Service;
  readonly sources: EndpointSources;
  /** All endpoints of the port, none of which is used. */
  readonly endpoints: readonly Endpoint[];
}

/**
 * Returns the cause of a flow to a Service port that has no endpoint which this node may use: not ready, on another
 * node only, or not there at all, with what the Pods say if they were read. Returns undefined if there is one.
 */
export function endpointCause(input: CauseInput, then: FlowResult): Cause | undefined {
  const { cluster, options, target } = input;
  const port = servicePortOf(input);
  const service = cluster.services.find(
    ({ metadata }) => metadata.name === port?.service && metadata.namespace === port.namespace,
  );
  if (port === undefined || service === undefined) return undefined;
  const sources = endpointSources(cluster)(`${port.namespace}/${port.service}`);
  const endpoints = endpointsFrom(sources, options.nodeName)(port);
  const selected = selectEndpoints(port, endpoints, topologyOf(cluster, options.nodeName));
  const used = target.kind === 'cluster IP' ? selected.internal : selected.external;
  const unserved: Unserved = { input, port, service, sources, endpoints };
  if (used.length > 0) return fallsBack(unserved) && isAnsweredPast(then) ? policyCause(unserved) : undefined;
  const why = quotedIfHostile(whyUnserved(unserved));
  const reason = podReason(service, port, input.pods ?? cluster.pods);
  return {
    summary: why,
    why: reason === undefined ? undefined : quotedIfHostile(reason),
    blame: { part: 'endpoints', why },
    commands: [],
    nearMisses: [],
  };
}

/** Returns true if the policy is Local, and all endpoints serve because none of this node does. */
const fallsBack = ({ port, input, endpoints }: Unserved): boolean =>
  (input.target.kind === 'cluster IP' ? port.internalTrafficPolicyLocal : port.externalTrafficPolicyLocal) &&
  !endpoints.some(({ local, ready, serving }) => local && (ready || serving));

/** A balancer does not send packets to a node without an endpoint. Those that come anyway keep their source. */
const isAnsweredPast = ({ trace, verdict }: FlowResult): boolean => badEnd(trace, verdict)?.blame.part === 'source';

function policyCause(unserved: Unserved): Cause {
  const why = quotedIfHostile(
    whyNotHere(
      unserved,
      unserved.endpoints.filter(({ ready }) => ready),
    ),
  );
  return {
    summary: why,
    why: 'Packets keep their source with this policy, so that backends of other nodes answer past this node.',
    blame: { part: 'endpoints', why },
    commands: [],
    nearMisses: [],
  };
}

function whyUnserved(unserved: Unserved): string {
  const { endpoints, port } = unserved;
  const usable = endpoints.filter(({ ready }) => ready);
  if (usable.length > 0) return whyNotHere(unserved, usable);
  if (endpoints.length > 0) {
    const states = endpoints.map(
      endpoint => `${placeOf(endpoint)} ${endpoint.terminating ? 'is terminating' : 'is not ready'}`,
    );
    return `${port.id} has no ready endpoint: ${someText(states)}.`;
  }
  return whyNone(unserved);
}

const placeOf = ({ address, port }: Endpoint): string => addressAndPort(address, port);

/** Every ready endpoint is on another node, and the Service wants one on this node. */
function whyNotHere({ port, input }: Unserved, ready: readonly Endpoint[]): string {
  const { cluster, target, family } = input;
  const policy = target.kind === 'cluster IP' ? 'internalTrafficPolicy' : 'externalTrafficPolicy';
  const nodes = new Map(placedEndpoints(cluster, family).map(({ address, nodeName }) => [address, nodeName]));
  const places = ready.map(endpoint => {
    const node = nodes.get(endpoint.address);
    return node === undefined ? placeOf(endpoint) : `${placeOf(endpoint)} on ${node}`;
  });
  return `${policy} of ${port.id} is Local, and no ready endpoint is on this node: ${someText(places)}.`;
}

/** No object has an address with a port of this name and protocol in the family. */
function whyNone({ port, sources, service, input }: Unserved): string {
  const { slices, endpoints } = sources;
  const name = `${port.namespace}/${port.service}`;
  if (slices.length === 0 && endpoints === undefined)
    // Its Endpoints object was not read then, and may exist.
    return !hasSelector(service) && input.cluster.endpointSlices.some(isMadeByController)
      ? `There is no EndpointSlice of ${name}: no controller has made one from an Endpoints object, as they do in ` +
          'this cluster.'
      : `There is neither an EndpointSlice nor an Endpoints object of ${name}.`;
  const all = portsIn(sources);
  const hasAddresses =
    slices.some(slice => (slice.endpoints ?? []).length > 0) ||
    (slices.length === 0 && (endpoints?.subsets ?? []).some(({ addresses }) => (addresses ?? []).length > 0));
  if (!hasAddresses) return `${name} has no endpoint: its ${objectsOf(sources)} no address.`;
  const wanted = `${port.protocol} port ${port.portName === '' ? 'without a name' : `named ${port.portName}`}`;
  return all.some(({ isWanted }) => isWanted(port))
    ? `${name} has no endpoint with an ${port.family} address.`
    : `No endpoint of ${name} has a ${wanted}: they have ${someText(all.map(({ text }) => text))}.`;
}

const objectsOf = ({ slices }: EndpointSources): string =>
  slices.length === 0 ? 'Endpoints object has' : slices.length === 1 ? 'EndpointSlice has' : 'EndpointSlices have';

interface NamedPort {
  readonly text: string;
  readonly isWanted: (port: ServicePort) => boolean;
}

function portsIn({ slices, endpoints }: EndpointSources): readonly NamedPort[] {
  const ports =
    slices.length > 0
      ? slices.flatMap(slice => slice.ports ?? [])
      : (endpoints?.subsets ?? []).flatMap(subset => subset.ports ?? []);
  const texts = new Map(
    ports.map(({ name, port, protocol }) => {
      const text = `${protocol ?? 'TCP'} ${port ?? 0}${name ? ` (${name})` : ''}`;
      const isWanted = (wanted: ServicePort) =>
        (name ?? '') === wanted.portName && (protocol ?? 'TCP') === wanted.protocol;
      return [text, { text, isWanted }];
    }),
  );
  return [...texts.values()];
}
