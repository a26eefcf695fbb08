import type { Page } from '../step.js';
import { en } from './how-to-break.en.js';
import { ja } from './how-to-break.ja.js';

export const howToBreak: Page = { kind: 'page', id: 'how-to-break', texts: { en, ja } };
