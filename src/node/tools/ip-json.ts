/**
 * Parses what `ip -j` prints. Leaves out empty objects, which iproute2 prints for what a filter left out.
 * @throws SyntaxError if the text is not JSON
 */
export function presentItems(text: string): unknown {
  const printed: unknown = JSON.parse(text);
  return Array.isArray(printed) ? printed.filter(isNotEmpty) : printed;
}

const isNotEmpty = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || Object.keys(value).length > 0;
