import type * as z from 'zod';
import { withoutLeadingZeros } from '../net/address.js';
import type { Mapping } from './objects.js';
import { pathText, valueAt } from './problems.js';
import { isAddressIssue } from './schema/network.js';

export interface DecimalReading {
  readonly object: Mapping;
  /** A line for each address: `spec.clusterIP: has leading zeros and is read as 10.0.0.1: "010.0.0.1"`. */
  readonly notes: readonly string[];
}

/**
 * Reads the addresses with leading zeros that a schema refused as decimal numbers. Old clusters have such objects, and
 * the API server keeps and serves them (KEP-4858). Returns undefined if none of the issues is about such an address.
 */
export function withDecimalAddresses(object: Mapping, issues: readonly z.core.$ZodIssue[]): DecimalReading | undefined {
  let result: unknown = object;
  const notes: string[] = [];
  for (const issue of issues) {
    const value = isAddressIssue(issue) ? valueAt(object, issue.path) : undefined;
    if (typeof value !== 'string') continue;
    const decimal = withoutLeadingZeros(value.trim());
    if (decimal === value.trim()) continue;
    result = withValue(result, issue.path, decimal);
    notes.push(`${pathText(issue.path)}: has leading zeros and is read as ${decimal}: ${JSON.stringify(value)}`);
  }
  return notes.length === 0 ? undefined : { object: result as Mapping, notes };
}

/** Returns a copy in which one value is replaced. The path exists. */
function withValue(container: unknown, [key, ...rest]: readonly PropertyKey[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(container)) return container.with(Number(key), withValue(container[Number(key)], rest, value));
  const fields = container as Record<PropertyKey, unknown>;
  return { ...fields, [key]: withValue(fields[key], rest, value) };
}
