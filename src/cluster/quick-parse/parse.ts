/** The result for a value that only the schema itself can judge: it may be valid or not. */
export const notSimple = Symbol('not simple');

/** Returns what the schema would return, or `notSimple`. */
export type Parse = (value: unknown) => unknown;

/** Returns true for an object as JSON.parse creates it. */
export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
