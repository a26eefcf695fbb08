import type { DatapathIndex } from '../../../../src/explain/datapath/datapath-index.js';
import { familyOf } from '../../../../src/net/address.js';
import { anyBackend, type Cell, type Results, resultsBy, sourceName } from '../../packets/services/ask-table.js';
import { addressesOf, topology } from '../../packets/services/network.js';
import { namespaceOf, type Row } from '../../packets/services/row.js';
import { explained, outcomesOf } from './explained.js';

const names = [...topology.nodes, ...topology.pods, ...topology.clients].map(({ name }) => name);
const serverName = (address: string): string => names.find(name => addressesOf(name).includes(address)) ?? 'node';

/** The neighbour runs no proxy, and routes the packets of every VIP to the node. */
const world = { othersHoldVips: false };

function outcomeOf(node: DatapathIndex, cell: Cell): string {
  const { client, row, request } = cell;
  const source = addressesOf(namespaceOf(client)).find(address => familyOf(address) === familyOf(request.address));
  const summary = explained(node, { ...request, source: client === 'node' ? undefined : source }, world);
  const seen = outcomesOf(summary, { server: serverName, source: address => sourceName(address, cell) });
  const said = row.sticky ? [...new Set(seen.map(outcome => outcome.replace(anyBackend, 'one')))] : seen;
  return said.join(', ');
}

/** Returns what explain says of every cell of the table. */
export const explainTable = (node: DatapathIndex, rows: readonly Row[]): Results =>
  resultsBy(rows, cell => outcomeOf(node, cell));
