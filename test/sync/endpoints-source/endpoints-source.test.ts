import { expect, test } from 'vitest';
import { endpointsSourceOf } from '../../../src/sync/endpoints-source/endpoints-source.js';
import { clusterFrom } from '../../support/parity-case.js';
import { endpointsObject, listText, serviceObject } from '../../support/sample-objects.js';
import { sliceObject } from '../support/programmed-node.js';
import { managed, selecting } from './support/objects.js';

const web = selecting('web', '10.96.0.1');
const db = serviceObject('db', '10.96.0.3');
const webSlice = managed('web', ['10.244.1.1']);
const mirrored = managed('db', ['192.0.2.3'], 'endpointslicemirroring-controller.k8s.io');
const headless = selecting('headless', 'None');
const others = {
  ...selecting('others', '10.96.0.4'),
  metadata: { name: 'others', labels: { 'service.kubernetes.io/service-proxy-name': 'x' } },
};

test.each([
  ['no slices', [web, endpointsObject('web', ['10.244.1.1'])], 'endpoints'],
  ['nothing at all', [], 'endpoints'],
  ['slices without the label, such as that of the API server', [web, sliceObject('web', [])], 'endpoints'],
  ['slices that a person says to manage', [web, managed('web', [], 'staff')], 'endpoints'],
  ['a slice of the controller for each Service', [web, webSlice], 'slices'],
  ['a slice of the mirroring controller', [db, mirrored], 'slices'],
  ['a slice made by hand for the last Service', [web, db, sliceObject('web', []), mirrored], 'slices'],
  ['no slice for a Service without a selector', [web, webSlice, db], 'slices'],
  ['no slice for Services that nodes do not serve', [web, webSlice, headless, others], 'slices'],
  ['no slice yet for a Service with a selector', [web, db, mirrored], 'both'],
  ['only host names for a Service with a selector', [web, db, mirrored, { ...webSlice, addressType: 'FQDN' }], 'both'],
] as const)('in a cluster with %s', (_, objects, source) => {
  expect(endpointsSourceOf(clusterFrom(listText(...objects)))).toBe(source);
});
