import type { Page } from '../step.js';
import { en } from './why-iptables.en.js';
import { ja } from './why-iptables.ja.js';

export const whyIptables: Page = { kind: 'page', id: 'why-iptables', texts: { en, ja } };
