import { writeFileSync } from 'node:fs';
import { messageOf } from '../errors.js';

/**
 * Sets how readily the kernel kills this process, and the tools that it starts from now on, when memory is short.
 * @param score from -1000 (never) to 1000
 * @returns a line about what went wrong, or undefined. Lowering the score needs CAP_SYS_RESOURCE.
 */
export function setOomScore(score: number, path = '/proc/self/oom_score_adj'): string | undefined {
  try {
    writeFileSync(path, String(score));
    return undefined;
  } catch (error) {
    return `oomScoreAdj ${score} is not applied: ${messageOf(error)}`;
  }
}
