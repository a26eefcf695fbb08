/** Time that passes only when told. */
export function clock(start = '2026-11-26T08:00:00.000Z') {
  let milliseconds = 0;
  let jumped = 0;
  return {
    now: () => new Date(Date.parse(start) + milliseconds + jumped),
    monotonic: () => milliseconds,
    pass: (more: number) => {
      milliseconds += more;
    },
    /** Somebody sets the time of day. */
    jump: (by: number) => {
      jumped += by;
    },
  };
}
