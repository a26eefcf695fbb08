import type { CommandResult } from '../../../src/node/access.js';

export const done = (stdout = ''): CommandResult => ({ stdout, stderr: '', exitCode: 0 });
export const refused = (exitCode: number, stderr: string): CommandResult => ({ stdout: '', stderr, exitCode });

/** kproxy has sent something that the fake does not know: that is never right, so the test fails. */
export class UnknownToFake extends Error {}

export const unknown = (what: string): never => {
  throw new UnknownToFake(`the fake node does not know: ${what}`);
};

/** What the kernel or the tool says no to; only the fake itself sees it. */
export class Refusal extends Error {
  constructor(
    message: string,
    /** Where the tool has more than one exit status for a refusal. */
    readonly exitCode: number,
  ) {
    super(message);
  }
}

export const refuse = (message: string, exitCode = 1): never => {
  throw new Refusal(message, exitCode);
};

/** Lines of a batch input, each with its number; blank ones are left out. */
export const inputLines = (input: string): readonly { readonly text: string; readonly number: number }[] =>
  input
    .split('\n')
    .map((text, index) => ({ text, number: index + 1 }))
    .filter(({ text }) => text.trim() !== '');
