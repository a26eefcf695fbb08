import { type Answer, answer, chance, no, unknown, yes } from './match.js';

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** The ports of which a client's kernel chooses one by default. Source: ip_local_port_range in ip-sysctl.rst. */
export const chosenPorts: PortRange = { first: 32_768, last: 60_999 };

const highestPort = 65_535;

/** Parses `80`, `80:90`, `:90` or `80:`. Returns undefined for anything else, as for the name of a service. */
export function parsePorts(text: string): PortRange | undefined {
  const found = /^(\d*)(:?)(\d*)$/.exec(text);
  if (found === null || text === '' || text === ':') return undefined;
  const [, first, colon, last] = found;
  if (colon === '') return { first: Number(first), last: Number(first) };
  return { first: first === '' ? 0 : Number(first), last: last === '' ? highestPort : Number(last) };
}

export const isIn = (port: number, { first, last }: PortRange): boolean => port >= first && port <= last;

/**
 * Returns whether a port is in one of the ranges.
 * @param port undefined for a port that the client's kernel chooses
 */
function portAnswer(port: number | undefined, ranges: readonly PortRange[]): Answer {
  if (port !== undefined) return answer(ranges.some(range => isIn(port, range)));
  const { first, last } = chosenPorts;
  if (ranges.some(range => isIn(first, range) && isIn(last, range))) return yes;
  return ranges.some(range => range.first <= last && range.last >= first) ? chosenByClient : no;
}

const chosenByClient: Answer = chance("it depends on the port that the client's kernel chooses");

/** Returns whether a port is among those of an option: `80:90`, or several with commas. */
export function portsAnswer(port: number | undefined, text: string | undefined): Answer {
  const ranges = (text ?? '').split(',').map(parsePorts);
  const known = ranges.filter(range => range !== undefined);
  return known.length === ranges.length ? portAnswer(port, known) : unknown(`kproxy does not know the ports ${text}`);
}
