import type { Outcome, Place } from '../places/place.js';
import type { Session } from '../session.js';

/** What a key does at a place. The argument is the word after it, or empty. */
export type KeyAction = (session: Session, place: Place, argument: string) => Promise<Outcome>;
