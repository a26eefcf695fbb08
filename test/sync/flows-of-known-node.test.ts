import { expect, test } from 'vitest';
import { udpObjects } from '../support/sample-objects.js';
import { programmedNode } from './support/programmed-node.js';

test.each([undefined, 'default'])(
  'flows that no endpoint answered go when one arrives (namespace: %s)',
  async namespace => {
    const [service, endpoints] = udpObjects('10.96.0.10', ['10.244.1.5']) as [object, object];
    const { node, put } = await programmedNode([service], { namespace, allowEmpty: true });
    const unanswered = { address: '10.96.0.10', port: 53, backend: '10.96.0.10' };
    const other = { address: '10.96.0.11', port: 53, backend: '10.96.0.11' };
    node.kernel.flows.add(unanswered).add(other);
    await put(endpoints);
    expect([...node.kernel.flows]).toEqual([other]);
  },
);
