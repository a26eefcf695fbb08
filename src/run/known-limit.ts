/** Remembers the limit of the machine that was reached last, so that it is said once until it is over. */
export class KnownLimit {
  #limit: string | undefined;

  /**
   * Notes a failure.
   * @param limit the limit behind it, in words; undefined if it has another cause
   * @returns true if the failure before had the same limit
   */
  reached(limit: string | undefined): boolean {
    const isKnown = limit !== undefined && limit === this.#limit;
    this.#limit = limit;
    return isKnown;
  }

  /** Notes a success, and returns the limit that is over with it. */
  over(): string | undefined {
    const limit = this.#limit;
    this.#limit = undefined;
    return limit;
  }
}
