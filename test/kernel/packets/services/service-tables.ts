import { parseSnapshot, type Snapshot } from '../../../../src/snapshot/snapshot.js';

type SavedElement = Snapshot['elements'][number];

/** The Service of the API server itself, which only a cluster with an API server has. */
const apiServer = /"10\.254\.0\.1[",]/;

/** kube-proxy writes the rules of this chain in the random order of a Go map. They all drop. */
const unordered = 'KUBE-IPVS-OUT-FILTER';

/** Returns the parts of an element that count for packets, as lines: no connections, and nothing read beside it. */
function linesOf(element: SavedElement): readonly string[] {
  switch (element.kind) {
    case 'address':
    case 'entry':
    case 'virtual-server':
      return [JSON.stringify(element)];
    case 'real-server': {
      const { connections: _, ...server } = element;
      return [JSON.stringify(server)];
    }
    case 'chain': {
      const { family, table, name, rules } = element;
      const place = (index: number) => `${family} ${table} ${name}${name === unordered ? '' : ` ${index}`}`;
      return rules.map(({ argv }, index) => `${place(index)} ${argv.join(' ')}`);
    }
    default:
      return [];
  }
}

/** Returns the addresses, set entries, virtual and real servers, and rules of a snapshot, sorted. */
export const serviceTables = (text: string): readonly string[] =>
  parseSnapshot(text, 'the snapshot')
    .elements.flatMap(linesOf)
    .filter(line => !apiServer.test(line))
    .toSorted();
