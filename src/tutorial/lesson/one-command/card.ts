import type { Page } from '../step.js';
import { en } from './card.en.js';
import { ja } from './card.ja.js';

export const card: Page = { kind: 'page', id: 'card', texts: { en, ja } };
