/** Returns a generator of numbers from 0 up to 1 that depend on the seed alone (linear congruential). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface Walk {
  readonly seed: number;
  readonly steps: number;
}

/**
 * Returns a walk that prefers transitions it has not made yet. With enough steps it visits every place and makes every
 * transition.
 */
export function walkOver<Place>(places: readonly Place[], { seed, steps }: Walk): readonly Place[] {
  const random = randomNumbers(seed);
  const visits = new Map<string, number>();
  const walk = [Math.floor(random() * places.length)];
  while (walk.length < steps) {
    const here = walk.at(-1) as number;
    const useOf = (there: number) => (visits.get(`${here} ${there}`) ?? 0) * places.length + timesIn(walk, there);
    const others = places.map((_, index) => index).filter(index => index !== here);
    const least = Math.min(...others.map(useOf));
    const choices = others.filter(there => useOf(there) === least);
    const there = choices[Math.floor(random() * choices.length)] as number;
    visits.set(`${here} ${there}`, (visits.get(`${here} ${there}`) ?? 0) + 1);
    walk.push(there);
  }
  return walk.map(index => places[index] as Place);
}

const timesIn = (walk: readonly number[], place: number): number => walk.filter(other => other === place).length;
