/**
 * Returns plain data as JSON for a message. Data of somebody else may contain itself (an alias of YAML), or be nested
 * more deeply than V8 can print.
 */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return 'nested too deeply';
  }
}
