import { KproxyError } from '../errors.js';
import { type CommandAction, sendInput, startPayload } from './command-start.js';
import { connectGuest, type Guest } from './guest.js';
import { createGuestCommand } from './guest-command.js';
import type { GuestKernel } from './guest-kernel.js';
import { createGuestTerminal, sizeWords } from './guest-terminal.js';
import { bootTimeout, kernelEnded } from './kernel-ended.js';
import { startVirtualMachine } from './qemu.js';
import type { CommandOptions, RunningCommand, Sandbox, SandboxOptions, Terminal, TerminalOptions } from './sandbox.js';
import { withinLimit } from './time-limit.js';
import { startUserModeLinux } from './user-mode-linux.js';
import { ownFolders, sharedFolders } from './visible-folders.js';

interface Limits {
  readonly bootMilliseconds: number;
  readonly commandMilliseconds: number;
  /** For an output that a command is expected to print. */
  readonly waitMilliseconds: number;
}

/** Returns the limits. A virtual machine is emulated and gets five times as long. */
function limitsOf({ virtualMachine }: SandboxOptions): Limits {
  const factor = virtualMachine === undefined ? 1 : 5;
  return {
    bootMilliseconds: 20_000 * factor,
    commandMilliseconds: 60_000 * factor,
    waitMilliseconds: 90_000 * factor,
  };
}

/**
 * Boots a sandbox. It ends with `close()`, and also if this process ends in any way, even if it is killed. It leaves no
 * process and no file.
 * @throws KproxyError sandbox-unavailable if packages are missing, sandbox-failed if the kernel does not boot
 */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const limits = limitsOf(options);
  const kernel = await startKernel(options);
  const guest = connectGuest(kernel);
  await waitForBoot(kernel, guest.ready, limits.bootMilliseconds);
  await kernel.removeFiles();
  for (const { target, source } of sharedFolders([...ownFolders(), ...(options.visibleFolders ?? [])])) {
    guest.line.send('M', 0, `${target}\0${source}`);
  }
  return createSandbox(kernel, guest, limits);
}

const startKernel = ({
  kernel,
  kernelArguments,
  virtualMachine,
  memoryMegabytes,
}: SandboxOptions): Promise<GuestKernel> =>
  virtualMachine === undefined
    ? startUserModeLinux(kernel ?? 'linux.uml', memoryMegabytes ?? 256, kernelArguments)
    : startVirtualMachine(virtualMachine, memoryMegabytes ?? 1024);

/** @throws KproxyError sandbox-failed if the kernel ends or the limit passes first */
async function waitForBoot(kernel: GuestKernel, ready: Promise<void>, milliseconds: number): Promise<void> {
  const readyOrEnded = Promise.race([ready.then(() => undefined), kernel.ended]);
  const output = await withinLimit(readyOrEnded, milliseconds, async () => {
    await kernel.stop();
    throw bootTimeout(milliseconds, await kernel.ended);
  });
  if (output !== undefined) throw kernelEnded('before it was ready', output);
}

function createSandbox(kernel: GuestKernel, guest: Guest, limits: Limits): Sandbox {
  const { commandMilliseconds } = limits;
  const launch = (action: CommandAction, argv: readonly string[], options: CommandOptions) =>
    launchCommand(guest, limits, action, argv, options);
  return {
    run: async (argv, options = {}) =>
      launch('run', argv, { timeoutMilliseconds: commandMilliseconds, ...options }).result,
    start: (argv, options = {}) => launch('run', argv, options),
    openTerminal: (argv, options) => launchTerminal(guest, limits, argv, options),
    async writeFile(path, content, options = {}) {
      const all = { timeoutMilliseconds: commandMilliseconds, ...options, input: content };
      const { exitCode, stderr, timedOut } = await launch('write', [path], all).result;
      if (exitCode !== 0) throw notWritten(path, timedOut ? 'The time limit was exceeded.' : stderr.trim());
    },
    close: () => kernel.stop(),
  };
}

function launchCommand(
  guest: Guest,
  { waitMilliseconds }: Limits,
  action: CommandAction,
  argv: readonly string[],
  options: CommandOptions,
): RunningCommand {
  const { timeoutMilliseconds } = options;
  const payload = startPayload(action, argv, options);
  const { send, command } = guest.addCommand(send =>
    createGuestCommand({ argv, timeoutMilliseconds, waitMilliseconds, sendSignal: name => send('K', name) }),
  );
  send('S', payload);
  sendInput(send, options.input ?? '');
  return command;
}

function launchTerminal(
  guest: Guest,
  { waitMilliseconds }: Limits,
  argv: readonly string[],
  options: TerminalOptions,
): Terminal {
  const { timeoutMilliseconds, onOutput } = options;
  const payload = startPayload('run', argv, { ...options, terminal: sizeWords(options.size) });
  const { send, command } = guest.addCommand(send =>
    createGuestTerminal({ argv, timeoutMilliseconds, waitMilliseconds, onOutput, send }),
  );
  send('S', payload);
  return command;
}

const notWritten = (path: string, evidence: string): KproxyError =>
  new KproxyError({
    message: `the file ${path} could not be written in the sandbox`,
    code: 'sandbox-failed',
    evidence,
  });
