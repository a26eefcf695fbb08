import type { Said } from '../observe/observed.js';
import type { ShownCheck } from './check.js';
import { type Judge, missing } from './missing.js';

export const missingShown: Judge<ShownCheck> = (check, { said }) => {
  const { on: wanted, texts: needed, isAnyEnough } = check;
  const here = said.filter(({ on }) => on === wanted);
  const lacking = lackingIn(check, here);
  if (lacking.length === 0) return undefined;
  const ran = said.findLast(({ on }) => on !== wanted)?.on;
  if (
    ran !== undefined &&
    lackingIn(
      check,
      said.filter(({ on }) => on === ran),
    ).length === 0
  )
    return missing(texts => texts.shownElsewhere({ ran, wanted }));
  const [text] = lacking;
  if (here.length === 0 || text === undefined) return missing(texts => texts.nothingRan({ on: wanted }));
  if (isAnyEnough && needed.length > 1) return missing(texts => texts.answerLacksEach({ texts: needed }));
  return missing(texts => texts.answerLacks({ text }));
};

/** Returns the texts that are still to be shown. */
function lackingIn({ texts, isAnyEnough }: ShownCheck, said: readonly Said[]): readonly string[] {
  const lacking = texts.filter(text => !said.some(({ output }) => output.includes(text)));
  return isAnyEnough && lacking.length < texts.length ? [] : lacking;
}
