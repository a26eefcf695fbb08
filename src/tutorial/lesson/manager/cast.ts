import type { Page } from '../step.js';
import { en } from './cast.en.js';
import { ja } from './cast.ja.js';

export const cast: Page = { kind: 'page', id: 'cast', texts: { en, ja } };
