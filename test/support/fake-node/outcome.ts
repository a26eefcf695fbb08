import type { CommandResult } from '../../../src/node/access.js';

export const done = (stdout = ''): CommandResult => ({ stdout, stderr: '', exitCode: 0 });
export const refused = (exitCode: number, stderr: string): CommandResult => ({ stdout: '', stderr, exitCode });

/** kproxy has sent something that the fake does not know. This fails the test. */
export class UnknownToFake extends Error {}

export const unknown = (what: string): never => {
  throw new UnknownToFake(`the fake node does not know: ${what}`);
};

/** A refusal by the kernel or the tool. Only the fake itself catches it. */
export class Refusal extends Error {
  constructor(
    message: string,
    /** The tool's exit status, for tools that have several for a refusal. */
    readonly exitCode: number,
  ) {
    super(message);
  }
}

export const refuse = (message: string, exitCode = 1): never => {
  throw new Refusal(message, exitCode);
};

/** Returns the lines of a batch with their numbers. Leaves out blank ones. */
export const inputLines = (input: string): readonly { readonly text: string; readonly number: number }[] =>
  input
    .split('\n')
    .map((text, index) => ({ text, number: index + 1 }))
    .filter(({ text }) => text.trim() !== '');

/** Refuses a change that the kernel was told to refuse. */
export function refuseAsTold(refusals: ReadonlyMap<string, string>, words: readonly string[], exitCode = 1): void {
  const text = words.join(' ');
  for (const [part, word] of refusals) if (text.includes(part)) refuse(word, exitCode);
}
