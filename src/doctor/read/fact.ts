import { KproxyError, messageOf } from '../../errors.js';
import { visible } from '../../visible.js';
import type { Fact } from '../facts.js';

/** Reads something. Of what cannot be read, the reason is a fact too. */
export async function factOf<Value>(read: () => Promise<Value>): Promise<Fact<Value>> {
  try {
    return { is: 'read', value: await read() };
  } catch (error) {
    return unread(reasonOf(error));
  }
}

export const unread = (why: string): Extract<Fact<never>, { is: 'unread' }> => ({ is: 'unread', why: visible(why) });

/** Returns why something could not be read, in one line. Throws bugs again. */
export function reasonOf(error: unknown): string {
  if (error instanceof KproxyError) {
    const [first = ''] = (error.evidence ?? '').split('\n');
    return first === '' ? error.message : `${error.message} (${first})`;
  }
  if (error instanceof Error && 'code' in error) return messageOf(error);
  throw error;
}
