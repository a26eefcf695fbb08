import type { Worker } from '../machines.js';
import type { Missing, Observed } from '../observe/observed.js';
import type { Check } from './check.js';
import { type Judge, missing } from './missing.js';

/** Adds to a reason that all commands of the task ran on other machines than the one whose kernel is checked. */
export const withMachine =
  <Kind extends Check & { readonly on: Worker }>(judge: Judge<Kind>): Judge<Kind> =>
  (check, observed) => {
    const reason = judge(check, observed);
    if (reason === undefined) return undefined;
    const note = noteOn(check.on, observed);
    return note === undefined ? reason : joined(reason, note);
  };

function noteOn(wanted: Worker, { said }: Observed): Missing | undefined {
  const ran = [...new Set(said.map(({ on }) => on))];
  if (ran.length === 0 || ran.includes(wanted)) return undefined;
  return missing(texts => texts.ranElsewhere({ ran: ran.join(', '), wanted }));
}

const joined = (one: Missing, other: Missing): Missing => ({
  en: `${one.en} ${other.en}`,
  // Japanese has no blank between sentences.
  ja: one.ja + other.ja,
});
