import { fairlyOrdered, groupedBy, type Remark } from '../cluster/remark.js';
import { countText, someText } from '../text.js';
import { RateLimit } from './rate-limit.js';

/** The pauses after which more may be said of one object: each is twice as long as the one before. In milliseconds. */
const firstPause = 10_000;
const longestPause = 600_000;
/** Of one object at a time. */
const mostLines = 3;
/** In one namespace, and in all. A line a minute is 1,440 a day. */
const namespaceLimit = { burst: 20, refillMilliseconds: 60_000 };
const totalLimit = { burst: 200, refillMilliseconds: 10_000 };
/** At least this time passes between two lines that say how many were not said. In milliseconds. */
const summaryPause = 60_000;
/** Objects that are gone are remembered until their pause is over, but only so many: names cost nothing. */
const mostGone = 1_000;

/** What was said of one object. */
interface Known {
  readonly namespace: string;
  /** Of the last report. None if the object has gone, or nothing is wrong with it any more. */
  lines: ReadonlySet<string>;
  said: ReadonlySet<string>;
  /** The time when more may be said, in milliseconds of `performance.now()`. */
  due: number;
  pause: number;
  /** How often its lines changed without being said. */
  unsaid: number;
}

const nothing: ReadonlySet<string> = new Set();
const unknown = { lines: nothing, said: nothing, due: Number.NEGATIVE_INFINITY, pause: 0, unsaid: 0 };

/** Takes the complete list of what is wrong with objects at a time. */
export type ReportRemarks = (remarks: readonly Remark[]) => void;

/**
 * Returns a reporter that writes what is new in each list, within bounds that hold whatever authors of objects do. The
 * first lines about an object are written at once. When these change, the last ones are written after a pause, which
 * grows. Each namespace has a budget of its own, so that one cannot hide what is wrong in another. What is not written
 * is counted, and the count is written once a minute. Memory is bounded by the objects of the last list.
 */
export function createRemarkLog(write: (line: string) => void): ReportRemarks {
  const log = new RemarkLog(write);
  return remarks => log.report(remarks);
}

class RemarkLog {
  readonly #write: (line: string) => void;
  readonly #known = new Map<string, Known>();
  readonly #namespaceLimit = new RateLimit(namespaceLimit.burst, namespaceLimit.refillMilliseconds);
  readonly #totalLimit = new RateLimit(totalLimit.burst, totalLimit.refillMilliseconds);
  /** The number of objects by namespace that the budgets left out since the last summary. */
  readonly #leftOut = new Map<string, number>();
  #summaryDue = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  report(remarks: readonly Remark[]): void {
    const groups = groupedBy(remarks, ({ about }) => about);
    for (const [about, known] of this.#known) if (!groups.has(about)) known.lines = known.said = nothing;
    const changed = [...groups].flatMap(([about, group]) => (this.#hasNews(about, group) ? group.slice(0, 1) : []));
    for (const { about } of fairlyOrdered(changed)) this.#noteNews(about);
    this.#settle();
  }

  /** Remembers the present lines about an object, and returns true if one of them is new. */
  #hasNews(about: string, group: readonly Remark[]): boolean {
    const namespace = group[0]?.namespace ?? '';
    const known = this.#known.get(about) ?? { namespace, ...unknown };
    const hasNews = group.some(({ line }) => !known.lines.has(line));
    if (hasNews || known.lines.size !== group.length) known.lines = new Set(group.map(({ line }) => line));
    this.#known.set(about, known);
    return hasNews;
  }

  #noteNews(about: string): void {
    const known = this.#known.get(about);
    if (known === undefined) return;
    if (performance.now() >= known.due) this.#say(known, about);
    else known.unsaid += 1;
  }

  /** Says of an object what was not said last, if the budgets allow it. */
  #say(known: Known, about: string): void {
    const now = performance.now();
    const wasQuiet = now - known.due > known.pause;
    const changes = known.unsaid;
    const fresh = [...known.lines].filter(line => changes > 0 || !known.said.has(line));
    known.pause = wasQuiet ? firstPause : Math.min(2 * known.pause, longestPause);
    known.due = now + known.pause;
    known.unsaid = 0;
    known.said = known.lines;
    if (fresh.length === 0) return;
    if (this.#isAllowed(known.namespace)) this.#writeLines(fresh, about, changes);
    else this.#leftOut.set(known.namespace, (this.#leftOut.get(known.namespace) ?? 0) + 1);
  }

  #isAllowed(namespace: string): boolean {
    return this.#namespaceLimit.take(namespace) && this.#totalLimit.take('');
  }

  #writeLines(lines: readonly string[], about: string, changes: number): void {
    for (const line of lines.slice(0, mostLines)) this.#write(line);
    const more = lines.length - mostLines;
    if (more > 0) this.#write(`and ${more} more such lines about ${about}`);
    if (changes > 1) this.#write(`${about}: this has changed ${changes} times since the last line about it`);
  }

  /** Says what has become due, forgets what is over, and comes back for the rest. */
  #settle(): void {
    const now = performance.now();
    for (const [about, known] of this.#known)
      if (known.unsaid > 0 && known.due <= now && known.lines.size > 0) this.#say(known, about);
    this.#forgetGone(now);
    if (this.#leftOut.size > 0 && this.#summaryDue <= now) this.#writeSummary(now);
    this.#comeBack(now);
  }

  #forgetGone(now: number): void {
    let gone = 0;
    for (const [about, { lines, due }] of this.#known) {
      if (lines.size > 0) continue;
      gone += 1;
      if (due <= now || gone > mostGone) this.#known.delete(about);
    }
  }

  #writeSummary(now: number): void {
    const counts = [...this.#leftOut].sort(([, one], [, other]) => other - one);
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    const places = someText(counts.map(([namespace, count]) => `${count} in ${namespace || 'no namespace'}`));
    this.#write(`not listed: problems of ${countText(total, 'more object')} (${places})`);
    this.#leftOut.clear();
    this.#summaryDue = now + summaryPause;
  }

  #comeBack(now: number): void {
    clearTimeout(this.#timer);
    const times = this.#leftOut.size > 0 ? [this.#summaryDue] : [];
    for (const { unsaid, due, lines } of this.#known.values()) if (unsaid > 0 && lines.size > 0) times.push(due);
    if (times.length === 0) return;
    const next = times.reduce((one, other) => Math.min(one, other));
    this.#timer = setTimeout(() => this.#settle(), Math.max(0, next - now)).unref();
  }
}
