import { basename } from 'node:path';

/** How the program was started: by itself, or by kubectl, which finds plugins by the names of their files in PATH. */
export interface Invocation {
  /** What people type, which usage texts and examples show. */
  readonly name: string;
  /** The words after the program's name. */
  readonly words: readonly string[];
}

/**
 * Returns how the program was started, from the name of the link to it.
 *
 * `kubectl kproxy status` runs `kubectl-kproxy status`. For completion, kubectl runs `kubectl_complete-kproxy` with the
 * words so far, and expects the answer of Cobra's `__complete` command.
 *
 * @param argv Node, the path of the program as it was called, and the words
 */
export function invocationOf([, program = '', ...words]: readonly string[]): Invocation {
  switch (basename(program)) {
    case 'kubectl-kproxy':
      return { name: 'kubectl kproxy', words };
    case 'kubectl_complete-kproxy':
      return { name: 'kubectl kproxy', words: ['__complete', ...words] };
    default:
      return { name: 'kproxy', words };
  }
}

/** The program's name at the beginning of an example, its words, and the gap in front of a remark beside it. */
const exampleLine = /^( +)kproxy((?: {1,2}\S+)+)( {3,}(?=\S))?/gm;

/** Returns a command's examples with the name that people type. Remarks stay below each other where there is room. */
export function examplesFor({ name }: Pick<Invocation, 'name'>, text: string): string {
  const longer = name.length - 'kproxy'.length;
  if (longer === 0) return text;
  return text.replace(exampleLine, (_, indent: string, words: string, gap = '') => {
    const shorter = gap === '' ? 0 : Math.max(2, gap.length - longer);
    return `${indent}${name}${words}${' '.repeat(shorter)}`;
  });
}
