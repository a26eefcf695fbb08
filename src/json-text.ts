/**
 * Returns plain data as JSON for a message. Data of somebody else may contain itself (an alias of YAML), or be nested
 * more deeply than V8 can print. A number beyond all bounds (`1e400`, or YAML's `.nan`) is described, because JSON has
 * `null` for it, which the file does not have.
 */
export function jsonText(value: unknown): string {
  if (typeof value === 'number') return numberText(value);
  try {
    return JSON.stringify(value, describedNumber) ?? String(value);
  } catch {
    return 'nested too deeply';
  }
}

const describedNumber = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? numberText(value) : value;

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'not a number' : 'too large';
}
