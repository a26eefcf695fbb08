import type { Page } from '../step.js';
import { en } from './additions.en.js';
import { ja } from './additions.ja.js';

export const additions: Page = { kind: 'page', id: 'additions', texts: { en, ja } };
