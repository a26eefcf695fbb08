const none: readonly string[] = [];

/** The names of Services by an address that they have or ask for. Nearly every address has one, and needs no list. */
export class NamesByAddress {
  readonly #names = new Map<string, string | readonly string[]>();

  of(address: string): readonly string[] {
    const names = this.#names.get(address);
    if (names === undefined) return none;
    return typeof names === 'string' ? [names] : names;
  }

  /** @returns false if it was there already */
  add(address: string, name: string): boolean {
    const names = this.of(address);
    if (names.includes(name)) return false;
    this.#names.set(address, names.length === 0 ? name : [...names, name]);
    return true;
  }

  /** @returns false if it was not there */
  remove(address: string, name: string): boolean {
    const names = this.of(address);
    if (!names.includes(name)) return false;
    const [first, ...others] = names.filter(other => other !== name);
    if (first === undefined) this.#names.delete(address);
    else this.#names.set(address, others.length === 0 ? first : [first, ...others]);
    return true;
  }
}
