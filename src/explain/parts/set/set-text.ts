import { iptablesProgram } from '../../../node/tools/iptables.js';
import type { Paint } from '../../../output/paint.js';
import { indent, wrapped } from '../../../output/wrap.js';
import { countText } from '../../../text.js';
import { kproxy } from '../owners.js';
import type { ExplainedEntry, SetExplanation, SetUse } from '../part.js';
import {
  differenceLines,
  knowledgeLines,
  neededHere,
  paragraphLines,
  servicePortsText,
  stateText,
  title,
} from '../part-words.js';

const mostEntries = 20;

/** Returns an explained set as text: what it is for, how rules look it up, and its first entries. */
export const setText = (set: SetExplanation, paint: Paint): readonly string[] => [
  title(`set ${set.name} ${set.type}`, set.state, stateText(set.state, set.owner), paint),
  ...differenceLines(set.differences),
  '',
  ...(set.replaces === undefined ? [] : paragraphLines(`It replaces ${set.replaces} while that is recreated.`)),
  ...knowledgeLines(set),
  ...neededHere(set.servicePorts),
  ...paragraphLines(`Its entries have the form ${set.dimensions.join(',')}.`),
  ...(set.twin === undefined
    ? []
    : paragraphLines(`${set.twin} is the same for ${set.family === 'IPv6' ? 'IPv4' : 'IPv6'}.`)),
  ...usesLines(set, paint),
  ...entriesLines(set, paint),
];

function usesLines({ usedBy, state }: SetExplanation, paint: Paint): readonly string[] {
  if (usedBy.length === 0) return state === 'not needed' ? [] : ['', ...paragraphLines('No rule looks it up.')];
  return ['', '  Rules that look it up:', ...usedBy.flatMap(use => useLines(use, paint))];
}

function useLines({ family, table, chain, number, looksUp, words, why }: SetUse, paint: Paint): readonly string[] {
  const place = `${iptablesProgram(family)} -t ${table}, ${chain}`;
  const which = number === undefined ? `${place}: a rule that is missing` : `${place} rule ${number}`;
  return [
    ...wrapped(`${which}, by ${looksUp}`, indent(4, 2)),
    ...paragraphLines(words, 6),
    ...(why === undefined ? [] : wrapped(`why: ${why}`, indent(6, 2)).map(line => paint.dim(line))),
  ];
}

function entriesLines({ entries, state, owner }: SetExplanation, paint: Paint): readonly string[] {
  if (entries.length === 0) return state === 'not needed' ? [] : ['', ...paragraphLines('It has no entries.')];
  const wrong = entries.filter(entry => entry.state === 'missing' || entry.state === 'left over');
  const count = (what: string) => entries.filter(entry => entry.state === what).length;
  const present = entries.length - count('missing');
  const sums = [
    countText(present, 'entry', 'entries'),
    ...(count('missing') === 0 ? [] : [`${count('missing')} missing`]),
    ...(count('left over') === 0 ? [] : [`${count('left over')} too many`]),
    ...(wrong.length === 0 && owner.is === 'kproxy' && state !== 'left over' ? ['as it should be'] : []),
  ];
  const more = entries.length - mostEntries;
  return [
    '',
    ...paragraphLines(`${sums.join(', ')}:`),
    ...entries.slice(0, mostEntries).flatMap(entry => entryLines(entry, paint)),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

function entryLines(entry: ExplainedEntry, paint: Paint): readonly string[] {
  const { value, isException, state, servicePorts } = entry;
  const isWrong = state === 'missing' || state === 'left over' || state === 'different';
  const remarks = [
    ...(isException ? ['(an exception, nomatch)'] : []),
    ...(isWrong ? [`(${stateText(state, kproxy)})`] : []),
    ...(servicePorts.length === 0 ? [] : [`for ${servicePortsText(servicePorts)}`]),
  ];
  const lines = wrapped([value, ...remarks].join(' '), indent(4, 2));
  return isWrong ? lines.map(line => paint[state === 'missing' ? 'red' : 'yellow'](line)) : lines;
}
