/** True if KPROXY_ALL_CASES=1 is set: tests then also run the cases that prove the same as others. */
export const allCases: boolean = process.env.KPROXY_ALL_CASES === '1';
