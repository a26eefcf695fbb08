import { KproxyError, messageOf } from '../../errors.js';

/** A part of a datapath, and what of it could not be read: lines without a full stop. */
export interface PartReading<Value> {
  readonly value: Value;
  readonly unread: readonly string[];
}

export const whole = <Value>(value: Value): PartReading<Value> => ({ value, unread: [] });

/**
 * Reads a part that explaining can do without. A failure becomes a line.
 * @param what the part, as the line begins: `routing rules`
 * @param otherwise the value if it cannot be read
 */
export async function attempt<Value>(
  what: string,
  otherwise: Value,
  read: () => Promise<Value>,
): Promise<PartReading<Value>> {
  try {
    return whole(await read());
  } catch (error) {
    return { value: otherwise, unread: [`${what}: ${failureText(error)}`] };
  }
}

/** Returns what failed in one line. */
export function failureText(error: unknown): string {
  const [evidence = ''] = error instanceof KproxyError ? (error.evidence ?? '').split('\n') : [];
  return evidence === '' ? messageOf(error) : `${messageOf(error)} (${evidence})`;
}
