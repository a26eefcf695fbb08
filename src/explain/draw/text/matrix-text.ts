import { addressAndPort } from '../../../net/address.js';
import { protocolNames } from '../../../net/protocol.js';
import type { Paint } from '../../../output/paint.js';
import { wrapped } from '../../../output/wrap.js';
import { quoteWord } from '../../../script/quote.js';
import type { Cause, Explanation, Flow } from '../../explanation.js';
import { causeKey } from '../cause-key.js';
import { matrixRow } from '../matrix-rows.js';
import { printable } from '../printable.js';
import { basisText, targetText, targetTitle } from '../words.js';
import { causeLines } from './cause-text.js';
import { matrixTable } from './matrix-table.js';
import { probeLines } from './probe-text.js';
import { shellLines } from './shell-lines.js';
import { stopsOf } from './stops.js';

/** A cause, and the number under which rows refer to it. */
type Notes = ReadonlyMap<string, { readonly cause: Cause; readonly number: number }>;

/**
 * Returns a block for each address and port of the target, with a row for each kind of client: whether it is answered,
 * by which backends, and which source they see. Below are the causes of what fails. At most 80 columns wide, apart from
 * words of commands that are longer.
 */
export function matrixText(given: Explanation, paint: Paint): string {
  const explanation = printable(given);
  const notes = notesOf(explanation.flows);
  const heading = `${explanation.asked} on ${basisText(explanation)}`;
  const blocks = blocksOf(explanation.flows).map((flows, index, all) =>
    blockLines(flows, notes, all.slice(0, index).flat(), paint),
  );
  return [wrapped(heading, { first: '', rest: '  ' }), ...blocks, summaryLines(explanation)]
    .map(lines => lines.map(line => `${line}\n`).join(''))
    .join('\n');
}

/** Numbers the causes. Equal ones share a number, also of different addresses. */
function notesOf(flows: readonly Flow[]): Notes {
  const causes = new Map(flows.flatMap(({ cause }) => (cause === undefined ? [] : [[causeKey(cause), cause]])));
  return new Map([...causes].map(([key, cause], index) => [key, { cause, number: index + 1 }]));
}

const blockKey = ({ target: { address, port }, protocol }: Flow): string => targetText(address, port, protocol);

function blocksOf(flows: readonly Flow[]): readonly (readonly Flow[])[] {
  const blocks = new Map<string, Flow[]>();
  for (const flow of flows) blocks.set(blockKey(flow), [...(blocks.get(blockKey(flow)) ?? []), flow]);
  return [...blocks.values()];
}

/** `before` are the flows of earlier blocks: their causes are not repeated. */
function blockLines(flows: readonly Flow[], notes: Notes, before: readonly Flow[], paint: Paint): readonly string[] {
  const noteOf = ({ cause }: Flow) => (cause === undefined ? undefined : notes.get(causeKey(cause)));
  const shown = new Set(before.map(noteOf));
  const fresh = [...new Set(flows.map(noteOf))].filter(note => note !== undefined && !shown.has(note));
  return [
    ...titleLines(flows[0], paint),
    ...matrixTable(
      flows.map(flow => matrixRow(flow, noteOf(flow)?.number)),
      paint,
    ),
    ...flows.flatMap(flow => probeLines(flow, flow.client.label, paint)),
    ...fresh.flatMap(note => {
      if (note === undefined) return [];
      const stops = stopsOf(flows.filter(flow => noteOf(flow) === note));
      return ['', ...causeLines(note.cause, `[${note.number}] `, stops, paint)];
    }),
  ];
}

const titleLines = (flow: Flow | undefined, paint: Paint): readonly string[] =>
  flow === undefined ? [] : wrapped(targetTitle(flow), { first: '', rest: '  ' }).map(line => paint.bold(line));

function summaryLines({ asked, flows }: Explanation): readonly string[] {
  const answered = flows.filter(({ verdict }) => verdict === 'answered').length;
  const what = blocksOf(flows).length > 1 ? 'flows' : 'clients';
  const failing = flows.find(({ verdict }) => verdict !== 'answered') ?? flows.at(-1);
  return [
    flows.length === 0 ? 'No client was asked about.' : `${answered} of ${flows.length} ${what} are answered.`,
    ...(failing === undefined ? [] : hint(askedText(asked, flows, failing), failing)),
  ];
}

/** Returns the words that ask for one address and port. With only one the target is as the user named it. */
function askedText(asked: string, flows: readonly Flow[], { target, protocol }: Flow): string {
  if (blocksOf(flows).length === 1) return quoteWord(asked);
  const place = addressAndPort(target.address, target.port);
  const isOther = (flow: Flow) =>
    flow.protocol !== protocol && addressAndPort(flow.target.address, flow.target.port) === place;
  return quoteWord(place) + (flows.some(isOther) ? ` --protocol ${protocolNames[protocol]}` : '');
}

function hint(words: string, { client: { kind, address } }: Flow): readonly string[] {
  const source = kind === 'node' || kind === 'outside' ? kind : address;
  if (source === undefined) return [];
  const command = `kproxy explain ${words} --source ${quoteWord(source)}`;
  return ['Every step of one client:', ...shellLines(command, '  ')];
}
