import { type Answer, type Request, requests } from '../../../../src/sandbox/network/request.js';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { outcomeOf } from '../support/table.js';
import { families } from './cluster.js';
import { addressesOf } from './network.js';
import { type Client, clients, namespaceOf, type Outcome, placeOf, type Row } from './row.js';

/** `node-port, cluster IP, tcp over IPv4` → client → outcome. */
export type Results = Readonly<Record<string, Readonly<Partial<Record<Client, Outcome>>>>>;

/** One request of the table. */
export interface Cell {
  readonly name: string;
  readonly client: Client;
  readonly row: Row;
  readonly request: Request;
}

const protocols = ['tcp', 'udp', 'sctp'] as const;

function cellsOf(row: Row): readonly Cell[] {
  return (row.families ?? families).flatMap(family =>
    (row.protocols ?? protocols).flatMap(protocol =>
      clients
        .filter(client => row.outcomes[client] !== undefined)
        .map(client => ({
          name: `${row.service}, ${row.at}, ${protocol} over ${family}`,
          client,
          row,
          request: { from: namespaceOf(client), protocol, ...placeOf(row, family), timeoutMilliseconds: 2_500 },
        })),
    ),
  );
}

/** Returns the source that a backend saw in the table's words. */
export function sourceName(address: string, { client, request }: Cell): string {
  if (addressesOf('node').includes(address)) return 'the node';
  if (addressesOf(namespaceOf(client)).includes(address)) return 'the client';
  return address === request.address ? 'the VIP' : address;
}

function answerName(answer: Answer, cell: Cell): string {
  if (answer.outcome !== 'answered') return outcomeOf(answer);
  return `${answer.answeredBy} saw ${sourceName(answer.seenSource, cell)}`;
}

function outcomeOfCell(answers: readonly Answer[], cell: Cell): Outcome {
  const names = [...new Set(answers.map(answer => answerName(answer, cell)))].sort();
  return names.length === 1 && cell.row.sticky ? names.join().replace(anyBackend, 'one') : names.join(', ');
}

/** The beginning of `local saw the client`, where any backend may answer. */
export const anyBackend = /^(local|remote)/;

function collect<Value>(all: readonly (readonly [Cell, Value])[]): Record<string, Partial<Record<Client, Value>>> {
  const results: Record<string, Partial<Record<Client, Value>>> = {};
  for (const [{ name, client }, value] of all) results[name] = { ...results[name], [client]: value };
  return results;
}

/** The kernel's SCTP ignores that a port is unreachable: a refused client waits and tries again. */
function expectedOutcome({ client, row, request }: Cell): Outcome {
  const outcome = row.outcomes[client] ?? '';
  if (request.protocol !== 'sctp') return outcome;
  return row.sctp?.[client] ?? (outcome === 'refused' ? 'timeout' : outcome);
}

/** Returns the results of rows with the outcome that a function gives for each cell. */
export const resultsBy = (rows: readonly Row[], outcome: (cell: Cell) => Outcome): Results =>
  collect(rows.flatMap(cellsOf).map(cell => [cell, outcome(cell)]));

/** Returns what the table says. */
export const expectedResults = (rows: readonly Row[]): Results => resultsBy(rows, expectedOutcome);

/** Sends this number of requests for every cell. */
async function askCells(sandbox: Sandbox, cells: readonly Cell[], times: number, patienceMilliseconds: number) {
  const all = cells.flatMap(({ request }) => Array<Request>(times).fill(request));
  const answers = await requests(sandbox, all, { patienceMilliseconds });
  const part = (index: number) => answers.slice(index * times, (index + 1) * times);
  return cells.map((cell, index) => [cell, outcomeOfCell(part(index), cell)] as const);
}

/**
 * Sends requests for every cell of the table: two if backends should answer, each late enough to get its own turn of
 * the round robin. All other requests follow, because IPVS gives a turn to some packets that are dropped later. Most of
 * these wait until they give up, and so there is time for `meanwhile`.
 */
export async function askTable(
  sandbox: Sandbox,
  rows: readonly Row[],
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<Results> {
  const cells = rows.flatMap(cellsOf);
  const isAnswered = (cell: Cell) => expectedOutcome(cell).includes(' saw ');
  const answered = await askCells(sandbox, cells.filter(isAnswered), 2, 20);
  const unanswered = cells.filter(cell => !isAnswered(cell));
  const [others] = await Promise.all([askCells(sandbox, unanswered, 1, 1), meanwhile()]);
  const outcomes = new Map([...answered, ...others]);
  return collect(cells.map(cell => [cell, outcomes.get(cell) ?? '']));
}
