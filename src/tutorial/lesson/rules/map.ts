import type { Page } from '../step.js';
import { en } from './map.en.js';
import { ja } from './map.ja.js';

export const map: Page = { kind: 'page', id: 'map', texts: { en, ja } };
