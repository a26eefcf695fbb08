import { serviceObject } from '../../../support/sample-objects.js';
import { sliceObject } from '../../support/programmed-node.js';

/** Returns a Service whose Pods controllers look for. */
export const selecting = (name: string, clusterIP: string): object =>
  serviceObject(name, clusterIP, { selector: { app: name } });

/** Returns a Service's slice that a controller made, unless another value of the label is given. */
export function managed(
  service: string,
  addresses: readonly string[],
  managedBy = 'endpointslice-controller.k8s.io',
): object {
  const slice = sliceObject(service, addresses) as { readonly metadata: { readonly labels: object } };
  const labels = { ...slice.metadata.labels, 'endpointslice.kubernetes.io/managed-by': managedBy };
  return { ...slice, metadata: { ...slice.metadata, labels } };
}
