import type { KproxyError } from '../errors.js';
import type { LoopReport } from '../sync/loop.js';
import type { Synced } from '../sync/programmer.js';
import { countText } from '../text.js';
import { visible } from '../visible.js';
import { countsText } from './sync-summary.js';

/** `systemctl status` shows the status on one line. In characters. */
const longest = 200;

/** Returns the last sync as one line: `synced at 2026-11-30T16:45:02Z: 12 Services; 1 added, … in 40 ms`. */
export function syncedStatus({ result, milliseconds }: LoopReport<Synced>, services: number, now: Date): string {
  const { plan } = result;
  const done = plan.length === 0 ? 'nothing changed' : `${countsText(plan)} in ${Math.round(milliseconds)} ms`;
  return `synced at ${timeText(now)}: ${countText(services, 'Service')}; ${done}`;
}

/** Returns a failed sync as one line. */
export function failedStatus({ message }: KproxyError, nextMilliseconds: number, now: Date): string {
  return statusLine(`failed at ${timeText(now)}, retrying in ${nextMilliseconds / 1_000} s: ${message}`);
}

/** Returns a text as one line that is not too long for a status. */
export function statusLine(text: string): string {
  const line = visible(text);
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

const timeText = (time: Date): string => time.toISOString().replace(/\.\d+/, '');
