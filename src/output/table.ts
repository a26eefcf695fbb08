import { visible } from '../visible.js';

/** Aligns columns as kubectl does: three blanks between them, and none after the last. */
export function table(cells: readonly (readonly string[])[]): string {
  const rows = cells.map(row => row.map(visible));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd((widths[column] ?? 0) + 3)).join('');
  return rows.map(row => `${line(row).trimEnd()}\n`).join('');
}
