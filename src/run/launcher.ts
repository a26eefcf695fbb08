import type { CommandResult } from '../node/access.js';
import type { Command } from '../node/command.js';
import { endChildren } from './kill-tool.js';
import type { RunOptions } from './run-options.js';
import { hanging, missing } from './tool-errors.js';
import { startToolShell, type ToolShell } from './tool-shell.js';
import { withinTime } from './within-time.js';
import { withoutProtocolNames } from './without-protocol-names.js';

/**
 * Runs tools one after another, in a small shell that is started once. A process that starts another one has its page tables copied first: with 10,000
 * Services and 160 MB that took 40 ms a tool on the sandbox's kernel, which was half of what one change took in watch, and with nothing read yet
 * still 15. A shell of one megabyte needs two. What side by side could save is little: nine tenths of reading a node are `ipset save`.
 */
export class Launcher {
  readonly #options: RunOptions;
  #shell: ToolShell | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RunOptions) {
    this.#options = options;
  }

  /** @throws KproxyError where the program is not there, or does not end in time */
  run(command: Command): Promise<CommandResult> {
    const result = this.#last.then(() => this.#runNow(command));
    this.#last = result.catch(() => {});
    return result;
  }

  /** Waits for what is at work. */
  async end(): Promise<void> {
    await this.#last;
    await this.#shell?.end();
    this.#shell = undefined;
  }

  async #runNow(command: Command): Promise<CommandResult> {
    const quickly = await this.#runWithoutNames(command);
    if (quickly !== 'missing' && quickly?.exitCode === 0) return quickly;
    const words = this.#options.sudo ? ['sudo', ...command.argv] : command.argv;
    const result = await this.#answer(words, command);
    if (result === 'missing') throw missing(words[0] ?? '');
    return result;
  }

  /** Where this fails, for whatever reason, the command as it is tells better what was wrong with it. */
  async #runWithoutNames(command: Command): Promise<CommandResult | 'missing' | undefined> {
    // Who may run the tools through sudo need not be allowed to run anything else.
    if (!command.numericProtocols || this.#options.sudo) return undefined;
    const { argv, end } = withoutProtocolNames(command.argv);
    try {
      return await this.#answer(argv, command);
    } finally {
      end();
    }
  }

  async #answer(words: readonly string[], { argv, input = '' }: Command): Promise<CommandResult | 'missing'> {
    const { sudo, timeoutMilliseconds } = this.#options;
    const shell = await this.#liveShell();
    const running = shell.run(words, input);
    const result = await withinTime(running, timeoutMilliseconds);
    if (result !== 'hangs') return result;
    const left = await endChildren(shell.pid, sudo);
    if (left.length === 0) await running;
    else this.#abandon(shell);
    throw hanging(argv, timeoutMilliseconds, left);
  }

  async #liveShell(): Promise<ToolShell> {
    if (this.#shell?.hasEnded()) await this.#shell.end();
    else if (this.#shell !== undefined) return this.#shell;
    this.#shell = startToolShell(this.#options.inherits);
    return this.#shell;
  }

  #abandon(shell: ToolShell): void {
    this.#shell = undefined;
    shell.abandon();
  }
}
