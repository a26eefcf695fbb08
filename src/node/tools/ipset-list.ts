import type { IpSet } from '../element.js';
import { ownSetName } from '../names.js';
import { ipsetOf, type SetOption } from './ipset-save.js';

/** A set without its entries, and their number. */
export interface SetHeader {
  readonly set: IpSet;
  readonly entries: number;
}

/**
 * Parses the output of `ipset list -t -o xml`: kproxy's sets. The command costs a hundredth of `ipset save`, which
 * looks up the name of every entry's protocol.
 * @throws SyntaxError if the text is not whole
 */
export function* parseIpsetList(text: string): Generator<SetHeader> {
  if (!text.trimEnd().endsWith('</ipsets>'))
    throw new SyntaxError('ipset list printed something that does not end with </ipsets>');
  for (const [, name = '', body = ''] of text.matchAll(/<ipset name="([^"]*)">(.*?)<\/ipset>/gs))
    if (ownSetName(name) !== undefined) yield parseHeader(name, body);
}

function parseHeader(name: string, body: string): SetHeader {
  const field = (tag: string): string | undefined => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(body)?.[1];
  const type = field('type');
  const entries = field('numentries');
  if (type === undefined || entries === undefined)
    throw new SyntaxError(`ipset list printed set ${name} without its type or number of entries`);
  return { set: ipsetOf(name, type, optionsIn(body)), entries: Number(entries) };
}

/** What the header of a set has beside its options. */
const measures: ReadonlySet<string> = new Set(['memsize', 'references', 'numentries']);

/** Returns the options of a set: `<maxelem>65536</maxelem>` or `<counters/>`. */
function optionsIn(body: string): readonly SetOption[] {
  const header = /<header>(.*?)<\/header>/s.exec(body)?.[1] ?? '';
  return Array.from(
    header.matchAll(/<(\w+)(?:\/>|>([^<]*)<)/g),
    ([, name = '', value]): SetOption => [name, value],
  ).filter(([name]) => !measures.has(name));
}
