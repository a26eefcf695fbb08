/** What a node looks like: the shape says its kind, and the color a verdict. */
export interface ChartNode {
  /** One text a line. */
  readonly lines: readonly string[];
  readonly shape?: 'box' | 'round' | 'hexagon';
  readonly color?: NodeColor;
}

export type NodeColor = keyof typeof colors;

/** Background, border and text: each pair of background and text has a contrast above 7 in light and dark pages. */
const colors = {
  good: 'fill:#e6f4ea,stroke:#1e7d34,color:#0b3d17',
  failed: 'fill:#fde7e9,stroke:#b3261e,color:#5c1210',
  unclear: 'fill:#fff4d6,stroke:#8a6100,color:#4a3400',
} as const;

const shapes = { box: ['[', ']'], round: ['([', '])'], hexagon: ['{{', '}}'] } as const;
const arrows = { solid: '-->', failed: '--x', note: '-.-' } as const;

/** Mermaid's limits are 500 edges and 50,000 characters (`maxEdges` and `maxTextSize` of its configuration). */
const mostEdges = 300;
const mostCharacters = 35_000;

/** Builds a flowchart of Mermaid, statement by statement. */
export class MermaidChart {
  private readonly statements: string[] = [];
  private readonly failedEdges: number[] = [];
  private nodes = 0;
  private edges = 0;

  constructor(private readonly direction: 'TD' | 'LR') {}

  /** True if the chart should not grow much more: GitHub draws nothing at all of one that is too large. */
  get isFull(): boolean {
    return this.edges > mostEdges || this.statements.join('\n').length > mostCharacters;
  }

  /** Adds a node and returns its id. */
  node({ lines, shape = 'box', color }: ChartNode): string {
    this.nodes += 1;
    const id = `n${this.nodes}`;
    const [open, close] = shapes[shape];
    const label = lines.map(escaped).join('<br/>');
    this.statements.push(`${id}${open}"${label}"${close}${color === undefined ? '' : `:::${color}`}`);
    return id;
  }

  edge(from: string, to: string, label?: string, kind: keyof typeof arrows = 'solid'): void {
    if (kind === 'failed') this.failedEdges.push(this.edges);
    this.edges += 1;
    this.statements.push(`${from} ${arrows[kind]}${label === undefined ? '' : `|"${escaped(label)}"|`} ${to}`);
  }

  /** Puts what `draw` adds into a frame with a title. */
  frame(title: string, draw: () => void): void {
    this.nodes += 1;
    this.statements.push(`subgraph n${this.nodes}["${escaped(title)}"]`);
    draw();
    this.statements.push('end');
  }

  toString(): string {
    const lines = [
      ...this.statements,
      ...Object.entries(colors).map(([name, style]) => `classDef ${name} ${style}`),
      ...(this.failedEdges.length === 0 ? [] : [`linkStyle ${this.failedEdges.join(',')} stroke:#b3261e`]),
    ];
    return `flowchart ${this.direction}\n${lines.map(line => `  ${line}\n`).join('')}`;
  }
}

/**
 * Returns a text for a quoted label: every character that Mermaid, Markdown or HTML could read as syntax is written by
 * its number, `#34;` for a double quote (Mermaid's documentation of flowcharts, "Entity codes to escape characters").
 */
const escaped = (text: string): string =>
  text.replace(/[^\p{L}\p{M}\p{N} .,:/\u2192%()+=_-]/gu, character => `#${character.codePointAt(0)};`);
