import { breakAct } from './break/index.js';
import { ipvs } from './ipvs/index.js';
import { manager } from './manager/index.js';
import { oneCommandAct } from './one-command/index.js';
import { outsideAct } from './outside/index.js';
import { rules } from './rules/index.js';
import type { Act } from './step.js';

/** The acts of the lesson in their order. */
export const acts: readonly Act[] = [manager, rules, ipvs, breakAct, outsideAct, oneCommandAct];
