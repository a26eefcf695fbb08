import type { Page } from '../step.js';
import { en } from './service.en.js';
import { ja } from './service.ja.js';

export const service: Page = { kind: 'page', id: 'service', texts: { en, ja } };
