import type { IpSet } from '../element.js';
import { kernelSetNames } from '../names.js';
import { ipsetOf } from './ipset-save.js';

/** A set without its entries, and how many they are. */
export interface SetHeader {
  readonly set: IpSet;
  readonly entries: number;
}

/**
 * kproxy's sets from the text of `ipset list -t -o xml`, which costs a hundredth of `ipset save`: that looks up the name of every entry's protocol.
 * @throws SyntaxError where the text is not whole
 */
export function parseIpsetList(text: string): readonly SetHeader[] {
  if (!text.trimEnd().endsWith('</ipsets>'))
    throw new SyntaxError('ipset list printed something that does not end with </ipsets>');
  return [...text.matchAll(/<ipset name="([^"]*)">(.*?)<\/ipset>/gs)]
    .filter(([, name]) => kernelSetNames.has(name ?? ''))
    .map(([, name = '', body = '']) => headerOf(name, body));
}

function headerOf(name: string, body: string): SetHeader {
  const field = (tag: string): string | undefined => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(body)?.[1];
  const type = field('type');
  const entries = field('numentries');
  if (type === undefined || entries === undefined) throw new SyntaxError(`ipset list does not tell all of set ${name}`);
  return { set: ipsetOf(name, type, field('family'), field('maxelem')), entries: Number(entries) };
}
