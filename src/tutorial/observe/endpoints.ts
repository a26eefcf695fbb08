import { isPlainObject } from '../plain-object.js';
import { fieldOf } from './fields.js';
import { inNumericOrder } from './numeric-order.js';

/** Returns the addresses and ports that an Endpoints object lists, such as `10.244.1.3:8080`, in numeric order. */
export const endpointsIn = (endpoints: object): readonly string[] => pairsIn(endpoints, 'addresses');

/** Returns the same of the addresses that are not ready. */
export const notReadyIn = (endpoints: object): readonly string[] => pairsIn(endpoints, 'notReadyAddresses');

function pairsIn(endpoints: object, field: string): readonly string[] {
  const pairs = records(endpoints, 'subsets').flatMap(subset => {
    const ports = records(subset, 'ports').map(portText);
    return records(subset, field).flatMap(({ ip }) =>
      ports.length === 0 ? [String(ip)] : ports.map(port => ip + port),
    );
  });
  return inNumericOrder(new Set(pairs));
}

const records = (object: unknown, path: string): readonly Readonly<Record<string, unknown>>[] => {
  const value = fieldOf(object, path);
  return Array.isArray(value) ? value.filter(isPlainObject) : [];
};

const portText = ({ port, protocol = 'TCP' }: Readonly<Record<string, unknown>>): string =>
  protocol === 'TCP' ? `:${port}` : `:${port}/${protocol}`;
