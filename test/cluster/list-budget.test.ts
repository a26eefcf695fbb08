import { describe, expect, test } from 'vitest';
import type { ClusterKind } from '../../src/cluster/kinds.js';
import { createListBudget } from '../../src/cluster/list-budget.js';

const createBudget = () => createListBudget((kind, detail) => new Error(`${kind}: ${detail}`));

describe('the budget of lists', () => {
  test('is enough for 10,000 Services with 150,000 endpoints of two families', () => {
    const budget = createBudget();
    const [services, slices, nodes] = (['Service', 'EndpointSlice', 'Node'] as const).map(kind => budget.open(kind));
    for (let page = 0; page < 20; page += 1) services?.add({ characters: 2_000_000, objects: 500 });
    for (let page = 0; page < 600; page += 1) slices?.add({ characters: 233_000, objects: 500 });
    expect(() => nodes?.add({ characters: 20_000, objects: 1 })).not.toThrow();
  });

  test('is enough for 100,000 Pods beside their Services', () => {
    const budget = createBudget();
    budget.open('Service').add({ characters: 40_000_000, objects: 10_000 });
    expect(() => budget.open('Pod').add({ characters: 600_000_000, objects: 100_000 })).not.toThrow();
  });

  test.each<[string, ClusterKind, { readonly characters?: number; readonly objects?: number }]>([
    ['characters', 'Service', { characters: 1_000_000 }],
    ['objects', 'Service', { objects: 1_000 }],
    ['characters, of Pods', 'Pod', { characters: 1_000_000 }],
  ])('ends for a list without an end: %s', (_, kind, page) => {
    const list = createBudget().open(kind);
    expect(() => {
      for (let pages = 0; pages < 1_000; pages += 1) list.add(page);
    }).toThrow(/^\w+: after \d+ characters with \d+ objects$/);
  });

  test('is one for the lists that are read side by side, and whole again after them', () => {
    const budget = createBudget();
    const readBoth = () => {
      const lists = [budget.open('Service'), budget.open('EndpointSlice')] as const;
      try {
        for (const list of lists) list.add({ characters: 150_000_000 });
      } finally {
        for (const list of lists) list.close();
      }
    };
    for (let time = 0; time < 3; time += 1)
      expect(readBoth).toThrow('EndpointSlice: after 150000000 characters with 0 objects, beside other lists');
    for (let time = 0; time < 10; time += 1) {
      const list = budget.open('Service');
      list.add({ characters: 150_000_000 });
      list.close();
    }
  });
});
