import { endpointsText, subsetsOf } from '../../objects/endpoints.js';
import type { Kind } from '../../objects/kinds.js';
import { ageColumn, type Column } from './column.js';
import { nodeColumns } from './nodes.js';
import { podColumns } from './pods.js';
import { serviceColumns } from './services.js';

/** The columns of each kind, after that of the name. */
export const columnsOf: Readonly<Record<Kind['name'], readonly Column[]>> = {
  Pod: podColumns,
  Service: serviceColumns,
  Endpoints: [{ header: 'ENDPOINTS', cell: object => endpointsText(subsetsOf(object)) }, ageColumn],
  Node: nodeColumns,
  // There are no objects of this kind.
  EndpointSlice: [ageColumn],
  Namespace: [{ header: 'STATUS', cell: () => 'Active' }, ageColumn],
};
