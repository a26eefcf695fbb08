import { countText } from '../text.js';
import { RateLimit } from './rate-limit.js';

/** In each namespace. */
const burst = 20;
const refillMilliseconds = 60_000;

/**
 * Returns a reporter of single lines about objects, which lets a bounded number of lines of each namespace through. How
 * many were left out is said after the next line.
 */
export function createLineLimit(write: (line: string) => void): (namespace: string, line: string) => void {
  const limit = new RateLimit(burst, refillMilliseconds);
  let leftOut = 0;
  return (namespace, line) => {
    if (!limit.take(namespace)) {
      leftOut += 1;
      return;
    }
    write(leftOut === 0 ? line : `${line} (${countText(leftOut, 'such line')} before this one left out)`);
    leftOut = 0;
  };
}
