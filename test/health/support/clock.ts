/** Creates a clock that moves only if a test moves it. */
export function createClock(start = '2026-11-26T08:00:00.000Z') {
  let milliseconds = 0;
  let offset = 0;
  return {
    now: () => new Date(Date.parse(start) + milliseconds + offset),
    monotonic: () => milliseconds,
    pass: (more: number) => {
      milliseconds += more;
    },
    /** Sets the time of day, as a user or NTP does. */
    jump: (by: number) => {
      offset += by;
    },
  };
}
