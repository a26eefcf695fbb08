const collator = new Intl.Collator('en', { numeric: true });

/** Sorts `10.244.2.2:80` before `10.244.10.2:80`. The kernel lists what is in a hash in an order of each boot's own. */
export const inNumericOrder = (texts: Iterable<string>): readonly string[] => [...texts].sort(collator.compare);
