import type { InLanguages } from '../language.js';
import { en } from './en.js';
import { ja } from './ja.js';
import type { Texts } from './texts.js';

export const texts: InLanguages<Texts> = { en, ja };
