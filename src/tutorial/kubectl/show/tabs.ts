/**
 * Aligns the cells between tabs in columns, as Go's text/tabwriter does: a column goes over consecutive lines that have
 * a cell there, and what follows the last tab of a line belongs to none.
 * @param padding the blanks after the widest cell of a column
 */
export function alignTabs(text: string, padding: number, leastWidth = 0): string {
  const lines = text.split('\n').map(line => line.split('\t'));
  const widths = lines.map(() => [] as number[]);
  alignFrom(lines, widths, 0, { from: 0, to: lines.length }, { padding, leastWidth });
  return lines.map((cells, row) => lineText(cells, widths[row] ?? [])).join('\n');
}

interface Rows {
  readonly from: number;
  readonly to: number;
}

interface Layout {
  readonly padding: number;
  readonly leastWidth: number;
}

/** Sets the widths of a column and of those to its right, block by block. */
function alignFrom(
  lines: readonly (readonly string[])[],
  widths: readonly number[][],
  column: number,
  rows: Rows,
  layout: Layout,
): void {
  const hasCell = (row: number) => column < (lines[row]?.length ?? 0) - 1;
  for (let from = rows.from; from < rows.to; from++) {
    if (!hasCell(from)) continue;
    let to = from;
    while (to < rows.to && hasCell(to)) to++;
    const block = lines.slice(from, to);
    const width = Math.max(layout.leastWidth, ...block.map(cells => (cells[column]?.length ?? 0) + layout.padding));
    for (let row = from; row < to; row++) widths[row]?.push(width);
    alignFrom(lines, widths, column + 1, { from, to }, layout);
    from = to;
  }
}

const lineText = (cells: readonly string[], widths: readonly number[]): string =>
  cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('');
