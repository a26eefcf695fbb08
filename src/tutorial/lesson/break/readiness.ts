import type { ObjectCheck } from '../../checks/check.js';

/** What the Pod web-yuanying says about its server. */
export const readiness = (status: 'True' | 'False'): ObjectCheck => ({
  kind: 'object',
  object: 'pod/web-yuanying',
  fields: { 'status.conditions.0.status': status },
});
