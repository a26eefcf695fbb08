import type { Command, Option } from 'commander';
import { flagIn, verbosityAt } from './normalized-words.js';

const takers = new WeakSet<Command>();

const defaultNote = `
All other flags of kube-proxy 1.37 are taken too, in its syntax (--flag=false, -v 2), such as --detect-local-mode,
--conntrack-min and --ipvs-tcp-timeout. The README lists what each sets.`;

/**
 * Makes a command take all flags of kube-proxy. Its help does not list those that are not among its options.
 * @param note what the help says about them
 */
export function takeKubeProxyFlags(command: Command, note = defaultNote): void {
  takers.add(command);
  command.addHelpText('after', note);
}

/**
 * Adds kube-proxy's flags to a command if a word needs them. Their table is not loaded otherwise: most command lines
 * have only kproxy's own options. Returns undefined if there is nothing to wait for.
 */
export function addKubeProxyFlags(command: Command, words: readonly string[]): Promise<void> | undefined {
  return takers.has(command) && hasOtherFlag(words, optionsAt(command)) ? addOtherFlags(command) : undefined;
}

/** Returns the options that may be given after a command's name: its own, and those of all commands. */
export const optionsAt = ({ options, parent }: Command): readonly Option[] => [...options, ...(parent?.options ?? [])];

async function addOtherFlags(command: Command): Promise<void> {
  const { kubeProxyOptions } = await import('./kube-proxy-options.js');
  for (const option of kubeProxyOptions(command)) command.addOption(option);
}

const hasOtherFlag = (words: readonly string[], options: readonly Option[]): boolean =>
  words.some((word, index) => {
    if (verbosityAt(words, index) !== undefined) return true;
    const { flag } = flagIn(word);
    return flag.startsWith('--') && flag !== '--' && flag !== '--help' && !options.some(({ long }) => long === flag);
  });
