import type { Page } from '../step.js';
import { en } from './welcome.en.js';
import { ja } from './welcome.ja.js';

export const welcome: Page = { kind: 'page', id: 'welcome', texts: { en, ja } };
