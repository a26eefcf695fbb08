import type * as z from 'zod';
import { canonicalAddress, withoutLeadingZeros } from '../net/address.js';
import { canonicalNetwork } from '../net/network.js';
import { trimSpace } from '../net/trim-space.js';
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
  // One copy for all addresses: an object may have a hundred thousand.
  let copy: Mapping | undefined;
  const notes: string[] = [];
  for (const issue of issues) {
    const value = isAddressIssue(issue) ? valueAt(object, issue.path) : undefined;
    if (typeof value !== 'string') continue;
    const decimal = withoutLeadingZeros(trimSpace(value));
    if (decimal === trimSpace(value) || !isAddressOrNetwork(decimal)) continue;
    copy ??= structuredClone(object);
    setValue(copy, issue.path, decimal);
    notes.push(`${pathText(issue.path)}: has leading zeros and is read as ${decimal}: ${JSON.stringify(value)}`);
  }
  return copy === undefined ? undefined : { object: copy, notes };
}

const isAddressOrNetwork = (text: string): boolean =>
  canonicalAddress(text) !== undefined || canonicalNetwork(text) !== undefined;

/** Replaces a value in place. The path exists. */
function setValue(object: Mapping, path: readonly PropertyKey[], value: string): void {
  const container = valueAt(object, path.slice(0, -1)) as Record<PropertyKey, unknown>;
  container[path.at(-1) as PropertyKey] = value;
}
