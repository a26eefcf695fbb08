import type { Pod } from '../../cluster/schema/pod.js';
import type { Service } from '../../cluster/schema/service.js';
import { matches } from '../../endpoints/pod-index.js';
import { isEndpoint, isReadyEndpoint, podAddresses } from '../../endpoints/pod-state.js';
import { endpointPort } from '../../endpoints/target-port.js';
import type { ServicePort } from '../../proxy/service-port.js';
import { isSimilarName } from '../../similar-names.js';
import { countText, someText } from '../../text.js';

/**
 * Returns why a Service's Pods give it no endpoint, in a sentence: no Pod has the labels, none is ready, or none has
 * the port. Returns undefined if the Pods are not known, or do not say.
 */
export function podReason(service: Service, port: ServicePort, pods: readonly Pod[]): string | undefined {
  const { selector } = service.spec;
  const { namespace } = service.metadata;
  if (selector == null || Object.keys(selector).length === 0)
    return 'The Service has no selector, so its endpoints must be written by hand.';
  const candidates = pods.filter(({ metadata }) => metadata.namespace === namespace);
  if (candidates.length === 0) return pods.length === 0 ? undefined : `The namespace ${namespace} has no Pod.`;
  const selected = candidates.filter(({ metadata }) => matches(selector, metadata.labels));
  if (selected.length === 0) return whyNotSelected(selector, namespace, candidates);
  const states = selected.flatMap(pod => whyNoEndpoint(pod, service) ?? []);
  if (states.length === selected.length) return `${countText(selected.length, 'Pod')} selected: ${someText(states)}.`;
  return whyWithoutPort(service, port, selected);
}

type Labels = Readonly<Record<string, string>>;

function whyNotSelected(selector: Labels, namespace: string, pods: readonly Pod[]): string {
  const text = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  const near = pods
    .map(pod => ({ pod, differing: differingLabels(selector, pod.metadata.labels ?? {}) }))
    .filter(({ differing }) => differing.every(({ actual }) => actual !== undefined))
    .sort((one, other) => slips(other.differing) - slips(one.differing))
    .map(({ pod, differing }) => `Pod ${pod.metadata.name} has ${differing.map(({ text }) => text).join(', ')}`);
  const instead = near.length === 0 ? '' : `: ${someText(near)}`;
  return `The selector ${text.join(',')} selects no Pod of the namespace ${namespace}${instead}.`;
}

interface DifferingLabel {
  readonly wanted: string;
  /** Undefined if the Pod does not have the label. */
  readonly actual: string | undefined;
  readonly text: string;
}

const differingLabels = (selector: Labels, labels: Labels): readonly DifferingLabel[] =>
  Object.entries(selector)
    .filter(([key, wanted]) => labels[key] !== wanted)
    .map(([key, wanted]) => ({ wanted, actual: labels[key], text: `${key}=${labels[key]}` }));

/** Returns 1 if all differences look like slips of the keyboard, else 0. */
const slips = (differing: readonly DifferingLabel[]): number =>
  Number(differing.every(({ wanted, actual }) => actual !== undefined && isSimilarName(wanted, actual)));

/** Returns why a selected Pod is no ready endpoint, as a clause, or undefined if it is one. */
function whyNoEndpoint(pod: Pod, service: Service): string | undefined {
  const { name, deletionTimestamp } = pod.metadata;
  if ((deletionTimestamp ?? '') !== '') return `${name} is terminating`;
  const phase = pod.status?.phase ?? 'Unknown';
  if (phase === 'Succeeded' || phase === 'Failed') return `${name} has ended (${phase})`;
  if (podAddresses(pod).length === 0) return `${name} has no address yet (${phase})`;
  return isEndpoint(pod, service) && isReadyEndpoint(pod, service) ? undefined : `${name} is not ready (${phase})`;
}

/** Says that the name of the target port is unknown, or that the endpoints are older than the Pods. */
function whyWithoutPort(service: Service, port: ServicePort, pods: readonly Pod[]): string | undefined {
  const wanted = (service.spec.ports ?? []).find(
    ({ name, protocol }) => (name ?? '') === port.portName && protocol === port.protocol,
  );
  if (wanted === undefined) return undefined;
  if (pods.every(pod => endpointPort(wanted, pod) === undefined)) {
    const known = new Set(
      pods
        .flatMap(({ spec }) => spec.containers ?? [])
        .flatMap(({ ports }) => (ports ?? []).flatMap(one => one.name ?? [])),
    );
    const instead = known.size === 0 ? '' : `; they have ${someText([...known])}`;
    return `No container of the selected Pods has a ${port.protocol} port named ${wanted.targetPort}${instead}.`;
  }
  return 'Ready Pods are selected, so the endpoints are out of date: whatever writes them does not run.';
}
