/** A table with texts as keys. It has no key but its own: neither `constructor` nor `__proto__`. */
export type Table<Value> = Readonly<Record<string, Value>>;

/**
 * Makes a table that may be searched for a name from outside: a process, a word of a rule, a field of an object may be
 * called `constructor`, which every plain object has. `scripts/lint/tables.js` finds tables that are made otherwise.
 */
export const table = <Value>(entries: Readonly<Record<string, Value>>): Table<Value> =>
  Object.freeze(Object.assign(Object.create(null), entries));
