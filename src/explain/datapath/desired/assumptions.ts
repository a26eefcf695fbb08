/** Collects what is assumed of a node that was not read, as lines for the user, each once. */
export class Assumptions {
  readonly #lines = new Set<string>();

  /** @param line a clause: `the node's address is 192.0.2.2` */
  add(line: string): void {
    this.#lines.add(`Assumed: ${line}.`);
  }

  lines(): readonly string[] {
    return [...this.#lines];
  }
}
