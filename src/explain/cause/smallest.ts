/** How many items are tried alone at most. */
const mostSingles = 200;
/** How many parts are tried at most. Each try explains the flow once more. */
const mostTries = 400;

/**
 * Returns a smallest part of the items that is enough, in their order: one item if any is enough alone, else a part of
 * which no item can be left out. Looks among twice as many of the likeliest until these are enough, and then leaves
 * out ever smaller pieces (delta debugging), so that a few among thousands are found in a few hundred tries.
 * @param items of which all together are enough, the likeliest first
 * @param likely how many of them are worth to be tried alone
 */
export function smallestPart<Item>(
  items: readonly Item[],
  isEnough: (part: readonly Item[]) => boolean,
  likely = items.length,
): readonly Item[] {
  const single = items.slice(0, Math.min(likely, mostSingles)).find(item => isEnough([item]));
  return single === undefined ? minimized(likeliest(items, isEnough), isEnough) : [single];
}

/** Returns the first items, twice as many each time, that are enough. */
function likeliest<Item>(items: readonly Item[], isEnough: (part: readonly Item[]) => boolean): readonly Item[] {
  for (let size = 2; size < items.length; size *= 2) {
    const first = items.slice(0, size);
    if (isEnough(first)) return first;
  }
  return items;
}

function minimized<Item>(items: readonly Item[], isEnough: (part: readonly Item[]) => boolean): readonly Item[] {
  let kept = items;
  let tries = 0;
  for (let size = Math.ceil(items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < kept.length && tries < mostTries; tries += 1) {
      const others = [...kept.slice(0, start), ...kept.slice(start + size)];
      if (others.length > 0 && isEnough(others)) kept = others;
      else start += size;
    }
  }
  return kept;
}
