interface Wait {
  readonly pattern: RegExp;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Collects the standard output of a command and resolves the waits for a pattern in it. */
export class CommandOutput {
  readonly #chunks: Buffer[] = [];
  #waits: readonly Wait[] = [];
  #end: Error | undefined;

  text(): string {
    return Buffer.concat(this.#chunks).toString();
  }

  append(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#settleWaits();
  }

  /** Marks the output as complete. Waits whose pattern is missing reject with the error, later ones too. */
  end(error: Error): void {
    this.#end = error;
    this.#settleWaits();
  }

  /** Resolves as soon as the output matches. */
  untilMatch(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waits = [...this.#waits, { pattern, resolve, reject }];
      this.#settleWaits();
    });
  }

  #settleWaits(): void {
    if (this.#waits.length === 0) return;
    const text = this.text();
    const isMatch = ({ pattern }: Wait) => text.search(pattern) >= 0;
    for (const wait of this.#waits.filter(isMatch)) wait.resolve();
    const open = this.#waits.filter(wait => !isMatch(wait));
    const end = this.#end;
    if (end !== undefined) for (const wait of open) wait.reject(end);
    this.#waits = end === undefined ? open : [];
  }
}
