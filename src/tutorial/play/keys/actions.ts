import { stay } from '../places/place.js';
import { goBack, goToNamed, resetStep } from './go.js';
import type { KeyAction } from './key.js';
import { changeLanguage } from './language.js';
import { listSteps } from './list.js';
import type { KeyName } from './names.js';
import { hint, why } from './reasons.js';
import { openShell } from './shell.js';
import { skip } from './skip.js';

export const keyActions: Readonly<Record<KeyName, KeyAction>> = {
  shell: openShell,
  hint,
  why,
  back: goBack,
  skip,
  reset: resetStep,
  list: listSteps,
  step: goToNamed,
  language: changeLanguage,
  async help({ stage, page, texts }) {
    page.paragraphs(texts.help(stage.lesson));
    return stay;
  },
  quit: async () => ({ kind: 'leave', isInterrupted: false }),
};
