/** What builds a network, or a part of one. */
export interface NetworkCommands {
  /** Lines for `ip -batch -` in the guest's own namespace: the namespaces and the cables between them. */
  readonly cables: readonly string[];
  /**
   * Lines for `ip -batch -` inside each namespace, in this order. A bridge's port comes up before the eth0 at its other
   * end: the later of the two is reported as up only after a second, and a bridge would wait for that.
   */
  readonly inside: readonly { readonly namespace: string; readonly lines: readonly string[] }[];
  /** Files below /proc/sys/net to write. */
  readonly settings: readonly { readonly namespace: string; readonly path: string; readonly value: string }[];
}

/** Merges the commands of parts. The lines of a namespace stay in the order of the parts. */
export function mergeCommands(parts: readonly NetworkCommands[]): NetworkCommands {
  const namespaces = [...new Set(parts.flatMap(part => part.inside.map(({ namespace }) => namespace)))];
  const linesOf = (name: string) =>
    parts.flatMap(part => part.inside.filter(({ namespace }) => namespace === name).flatMap(({ lines }) => lines));
  return {
    cables: parts.flatMap(part => part.cables),
    inside: namespaces.map(namespace => ({ namespace, lines: linesOf(namespace) })),
    settings: parts.flatMap(part => part.settings),
  };
}
