import { stay } from '../places/place.js';
import { findStep } from '../route.js';
import type { KeyAction } from './key.js';

export const goBack: KeyAction = async ({ at, page, texts }) => {
  if (at.index > 0) return { kind: 'go', index: at.index - 1, mustRestore: false };
  page.line('note', texts.moves.firstStep);
  return stay;
};

/** Restores the machines even if the lesson ran nothing in this step: another terminal may have changed them. */
export const resetStep: KeyAction = async ({ at }) => ({ kind: 'go', index: at.index, mustRestore: true });

export const goToNamed: KeyAction = async ({ stage, page, texts }, _, name) => {
  const found = findStep(stage.route, name);
  if (found !== undefined) return { kind: 'go', index: found.index, mustRestore: false };
  page.line('note', texts.moves.unknownStep({ name, count: stage.route.length }));
  return stay;
};
