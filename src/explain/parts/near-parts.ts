import { quotedIfHostile } from '../../cluster/problems.js';
import { KproxyError } from '../../errors.js';
import { similarNames } from '../../similar-names.js';
import { type Table, table } from '../../table.js';
import { listText } from '../../text.js';

const mostNames = 3;

/** Returns the text that names are compared by: `kube_forwrd` is near `KUBE-FORWARD`. */
const flat = (name: string): string => name.toLowerCase().replace(/[^a-z0-9+=~*]+/g, '-');

/** Returns up to three names that the user may have meant: with few other characters, or with the word in them. */
function nearNames(name: string, known: Iterable<string>): readonly string[] {
  const byFlat = new Map(Array.from(known, one => [flat(one), one]));
  const asked = flat(name);
  const lastWord = asked.split('-').at(-1) ?? '';
  const having = (part: string) => (part.length < 4 ? [] : [...byFlat.keys()].filter(one => one.includes(part)).sort());
  const found =
    [similarNames(asked, byFlat.keys()), having(asked), having(lastWord)].find(some => some.length > 0) ?? [];
  return found.slice(0, mostNames).flatMap(one => byFlat.get(one) ?? []);
}

const listings: Table<string> = table({
  chain: 'iptables-save',
  set: 'ipset list -n',
  sysctl: 'sysctl -a',
});

/**
 * Returns the error for a part that neither exists nor is known, with names that are near.
 * @param isRead whether the node was read
 */
export function unknownPart(kind: string, name: string, known: Iterable<string>, isRead: boolean): KproxyError {
  const near = nearNames(name, known).map(quotedIfHostile);
  const shown = quotedIfHostile(name);
  return new KproxyError({
    code: 'option-invalid',
    message: isRead
      ? `there is no ${kind} ${shown} on this node, and kproxy has none`
      : `kproxy has no ${kind} ${shown}, and what else the node has was not read`,
    ...(near.length === 0 ? {} : { evidence: `Similar ${near.length === 1 ? 'is' : 'are'} ${listText(near, 'and')}.` }),
    advice: `Give the name as ${listings[kind]} prints it.`,
  });
}
