/** Marks objects of Kubernetes' endpoints controller. With another value, a running controller would rewrite them. */
export const managedByLabel = 'endpoints.kubernetes.io/managed-by';
export const controllerName = 'endpoint-controller';

/** Marks the Endpoints object of a Service without a cluster IP. */
export const headlessLabel = 'service.kubernetes.io/headless';

/** Marks an Endpoints object that lacks addresses because there are more than fit. Its value is then `truncated`. */
export const overCapacityAnnotation = 'endpoints.kubernetes.io/over-capacity';

/** Holds the last manifest that `kubectl apply` wrote, and is written by kubectl alone. */
export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
