import type { ClusterObject } from './cluster.js';

type Test = (object: ClusterObject) => boolean;

/**
 * Returns the test of a request's labelSelector and fieldSelector. Knows only the terms with which nodes select: a
 * label that is absent, and a field that has a value or another one.
 */
export function selectionOf(query: URLSearchParams): Test {
  const terms = (name: string) => (query.get(name) ?? '').split(',').filter(term => term !== '');
  const tests = [...terms('labelSelector').map(labelTest), ...terms('fieldSelector').map(fieldTest)];
  return object => tests.every(test => test(object));
}

function labelTest(term: string): Test {
  const [, label] = /^!([a-z./-]+)$/.exec(term) ?? [];
  if (label === undefined) throw new Error(`the fake API server does not know the label selector ${term}`);
  return ({ metadata }) => (metadata.labels as Record<string, string> | undefined)?.[label] === undefined;
}

function fieldTest(term: string): Test {
  const [, path = '', operator, value] = /^([A-Za-z.]+)(!?=)(.+)$/.exec(term) ?? [];
  if (operator === undefined) throw new Error(`the fake API server does not know the field selector ${term}`);
  return object => (fieldOf(object, path.split('.')) === value) === (operator === '=');
}

function fieldOf(object: unknown, path: readonly string[]): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return object;
  return fieldOf((object as Record<string, unknown> | undefined)?.[first], rest);
}
