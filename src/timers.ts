/** In milliseconds. Node's timers take at most 24 days, and fire at once if they get more. */
export const longestTimer = 2 ** 31 - 1;
