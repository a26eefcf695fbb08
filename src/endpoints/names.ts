/** The label that Kubernetes' controller marks its objects with. With another value a controller that runs too would rewrite each of them. */
export const managedByLabel = 'endpoints.kubernetes.io/managed-by';
export const controllerName = 'endpoint-controller';

/** Says that the Service has no address of its own. */
export const headlessLabel = 'service.kubernetes.io/headless';

/** Says that addresses were left out (`truncated`). */
export const overCapacityAnnotation = 'endpoints.kubernetes.io/over-capacity';

/** kubectl's own notes, which every `kubectl apply` writes anew. */
export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
