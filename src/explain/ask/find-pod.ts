import type { Cluster } from '../../cluster/cluster.js';
import { namespacedName, type ObjectName } from '../../cluster/names.js';
import { KproxyError } from '../../errors.js';
import { similarNames } from '../../similar-names.js';
import { addressesOfPod } from './known-pods.js';

/** A Pod that the user named. */
export interface NamedPod {
  readonly addresses: readonly string[];
  readonly nodeName: string | undefined;
  readonly isInHostNetwork: boolean;
}

/**
 * Returns a Pod by its name, from the Pods that were read or else from the Endpoints objects that refer to it.
 * @throws KproxyError `pod-missing`
 */
export function findPod(name: ObjectName, cluster: Cluster): NamedPod {
  const pod = fromPods(name, cluster) ?? fromEndpoints(name, cluster);
  if (pod === undefined) throw podMissing(name, cluster);
  if (pod.addresses.length === 0)
    throw new KproxyError({
      code: 'pod-missing',
      message: `the Pod ${namespacedName(name)} has no address: it has not started, or has ended`,
      advice: 'Choose a Pod that runs (kubectl get pods -o wide).',
    });
  return pod;
}

function fromPods(name: ObjectName, { pods }: Cluster): NamedPod | undefined {
  const pod = pods.find(({ metadata }) => namespacedName(metadata) === namespacedName(name));
  return (
    pod && {
      addresses: addressesOfPod(pod),
      nodeName: pod.spec.nodeName ?? undefined,
      isInHostNetwork: pod.spec.hostNetwork === true,
    }
  );
}

function fromEndpoints(name: ObjectName, { endpoints }: Cluster): NamedPod | undefined {
  const found = endpoints
    .flatMap(({ subsets }) => subsets ?? [])
    .flatMap(({ addresses, notReadyAddresses }) => [...(addresses ?? []), ...(notReadyAddresses ?? [])])
    .filter(
      ({ targetRef }) =>
        targetRef?.kind === 'Pod' && targetRef.name === name.name && targetRef.namespace === name.namespace,
    );
  if (found.length === 0) return undefined;
  const nodeName = found.find(address => address.nodeName)?.nodeName ?? undefined;
  return { addresses: [...new Set(found.map(({ ip }) => ip))], nodeName, isInHostNetwork: false };
}

function podMissing(name: ObjectName, { pods }: Cluster): KproxyError {
  const here = pods.filter(({ metadata }) => metadata.namespace === name.namespace);
  const similar = similarNames(
    name.name,
    here.map(({ metadata }) => metadata.name),
  ).slice(0, 3);
  return new KproxyError({
    code: 'pod-missing',
    message: `no Pod ${namespacedName(name)} was read`,
    evidence: similar.length > 0 ? `Did you mean ${similar.join(', ')}?` : '',
    advice: "Give pod/NAMESPACE/NAME, or the Pod's address with --source.",
  });
}
