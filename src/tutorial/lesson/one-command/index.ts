import type { Act } from '../step.js';
import { additions } from './additions.js';
import { card } from './card.js';
import { dryRun } from './dry-run.js';
import { fullProfile } from './full-profile.js';
import { oneSync } from './one-sync.js';
import { secondWorker } from './second-worker.js';
import { undo } from './undo.js';

export const oneCommandAct: Act = {
  id: 'one-command',
  title: { en: 'All of it in one command', ja: 'コマンド 1 つで全部' },
  steps: [undo, oneSync, dryRun, secondWorker, fullProfile, additions, card],
};
