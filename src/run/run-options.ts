/** How tools are run. */
export interface RunOptions {
  readonly sudo: boolean;
  readonly timeoutMilliseconds: number;
  /** An open file that every tool gets too. */
  readonly inherits?: number | undefined;
}
