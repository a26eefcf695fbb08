import { Command } from 'commander';
import { normalizedWords } from './options/normalized-words.js';

/** A command that takes its flags as kube-proxy's users write them: `--watch=true`, `--cluster_cidr`, `-v 4`. */
export class KproxyCommand extends Command {
  override createCommand(name?: string): KproxyCommand {
    return new KproxyCommand(name);
  }

  override parseOptions(words: string[]): ReturnType<Command['parseOptions']> {
    const { rest, turnedOff } = normalizedWords(words, this.options);
    const parsed = super.parseOptions([...rest]);
    for (const [name, value] of turnedOff) this.setOptionValueWithSource(name, value, 'cli');
    return parsed;
  }
}
