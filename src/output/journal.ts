import { fstatSync } from 'node:fs';

/** Priorities of syslog(3), as sd-daemon(3) writes them in front of a line. */
const journalPriorities = { error: 3, warning: 4, info: 6, debug: 7 } as const;

export type JournalPriority = keyof typeof journalPriorities;

/**
 * Returns true if the file descriptor is the journal's stream. The variable alone says nothing: processes inherit it
 * after their output was redirected, so the device and inode that it names are compared (systemd.exec(5)).
 */
export function isJournalStream(stream: string | undefined, fileDescriptor: number): boolean {
  if (stream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(fileDescriptor, { bigint: true });
    return stream === `${dev}:${ino}`;
  } catch {
    return false;
  }
}

const standardError = 2;

/** Returns true if this process's standard error is the journal's stream. */
export const isJournalOnStandardError = (): boolean => isJournalStream(process.env.JOURNAL_STREAM, standardError);

/** Returns a text as standard error wants it: with its priority if the journal reads it. */
export const forStandardError = (priority: JournalPriority, text: string): string =>
  isJournalOnStandardError() ? withPriority(priority, text) : text;

/** Returns a text with its priority in front of each line, because the journal makes an entry of each line. */
export const withPriority = (priority: JournalPriority, text: string): string =>
  text.replace(/^/gm, `<${journalPriorities[priority]}>`);
