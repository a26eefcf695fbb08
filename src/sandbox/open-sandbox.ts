import { dirname } from 'node:path';
import { KproxyError } from '../errors.js';
import { createGuestCommand, type GuestCommand } from './guest-command.js';
import type { GuestKernel } from './guest-kernel.js';
import { type GuestLine, openGuestLine } from './guest-line.js';
import type { Frame } from './guest-protocol.js';
import { startVirtualMachine } from './qemu.js';
import type { CommandOptions, Sandbox, SandboxOptions } from './sandbox.js';
import { startUserModeLinux } from './user-mode-linux.js';
import { ownFolders, sharedFolders } from './visible-folders.js';

const bootMilliseconds = 20_000;
const commandMilliseconds = 60_000;
/** A virtual machine takes so many times longer for everything. */
const slownessOf = ({ virtualMachine }: SandboxOptions): number => (virtualMachine === undefined ? 1 : 5);

/**
 * Boots a sandbox. It ends with `close()`, and also when this process ends in any way, killed included; it leaves no process and no file.
 * Throws a KproxyError where the packages are missing or the kernel does not come up.
 */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const kernel = await startKernel(options);
  const guest = connect(kernel);
  await booted(kernel, guest.ready, bootMilliseconds * slownessOf(options));
  await kernel.removeFiles();
  for (const { target, source } of sharedFolders([...ownFolders(), ...(options.visibleFolders ?? [])])) {
    guest.line.send('M', 0, `${target}\0${source}`);
  }
  return guestSandbox(kernel, guest, commandMilliseconds * slownessOf(options));
}

const startKernel = ({ kernel, virtualMachine, memoryMegabytes }: SandboxOptions): Promise<GuestKernel> =>
  virtualMachine === undefined
    ? startUserModeLinux(kernel ?? 'linux.uml', memoryMegabytes ?? 256)
    : startVirtualMachine(virtualMachine, memoryMegabytes ?? 1024);

interface Guest {
  readonly line: GuestLine;
  readonly ready: Promise<void>;
  add(create: (number: number) => GuestCommand): { readonly number: number; readonly command: GuestCommand };
}

/** Numbers the commands and hands what comes from the guest to the right one. */
function connect(kernel: GuestKernel): Guest {
  const commands = new Map<number, GuestCommand>();
  let last = 0;
  let end: Error | undefined;
  let announce = () => {};
  const ready = new Promise<void>(resolve => {
    announce = resolve;
  });
  const line = openGuestLine(kernel.line, frame => {
    if (frame.type === 'R') return announce();
    const command = commands.get(frame.command);
    if (frame.type === 'X') commands.delete(frame.command);
    if (command) deliver(command, frame);
  });
  kernel.ended.then(output => {
    end = lost('while a command was at work', output);
    for (const command of commands.values()) command.onLost(end);
    commands.clear();
  });
  return {
    line,
    ready,
    add(create) {
      last += 1;
      const command = create(last);
      if (end) command.onLost(end);
      else commands.set(last, command);
      return { number: last, command };
    },
  };
}

function deliver(command: GuestCommand, frame: Frame): void {
  if (frame.type === 'O') command.onOutput(frame.payload);
  if (frame.type === 'E') command.onErrorOutput(frame.payload);
  if (frame.type === 'X') command.onExit(frame.payload[0] ?? 0, frame.payload[1] ?? 0);
}

async function booted(kernel: GuestKernel, ready: Promise<void>, milliseconds: number): Promise<void> {
  const abandoned = new AbortController();
  const timer = setTimeout(() => abandoned.abort(), milliseconds);
  const late = new Promise<string>(resolve => {
    abandoned.signal.addEventListener('abort', () => resolve(kernel.stop().then(() => kernel.ended)));
  });
  const output = await Promise.race([ready, kernel.ended, late]);
  clearTimeout(timer);
  if (output !== undefined) throw lost('before it was ready', output);
}

function lost(when: string, output: string): KproxyError {
  return new KproxyError({
    message: `the sandbox's kernel ended ${when}`,
    code: 'sandbox-failed',
    evidence: output.trim() || 'It said nothing.',
    advice: 'run it again; if it stays so, check that memory and /dev/shm have room for the guest',
  });
}

function guestSandbox(kernel: GuestKernel, guest: Guest, timeoutMilliseconds: number): Sandbox {
  const launch = (action: 'run' | 'write', argv: readonly string[], options: CommandOptions) => {
    const { number, command } = guest.add(id =>
      createGuestCommand(argv, options, name => guest.line.send('K', id, name)),
    );
    guest.line.send('S', number, startPayload(action, argv, options));
    sendInput(guest.line, number, options.input ?? '');
    return command;
  };
  return {
    run: async (argv, options = {}) => launch('run', argv, { timeoutMilliseconds, ...options }).result,
    start: (argv, options = {}) => launch('run', argv, options),
    async writeFile(path, content, options = {}) {
      const { exitCode, stderr } = await launch('write', [path], { ...options, input: content }).result;
      if (exitCode !== 0) throw notWritten(stderr);
    },
    close: () => kernel.stop(),
  };
}

function notWritten(stderr: string): KproxyError {
  return new KproxyError({
    message: 'a file could not be written in the sandbox',
    code: 'sandbox-failed',
    evidence: stderr.trim(),
  });
}

/** The guest's own links first; Node wherever it lies on the host. */
function guestPath(): string {
  const system = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  const node = dirname(process.execPath);
  return ['/run/kproxy/bin', ...(system.includes(node) ? [] : [node]), ...system].join(':');
}

const guestEnvironment = {
  PATH: guestPath(),
  HOME: '/run/kproxy/home',
  LANG: 'C.UTF-8',
};

function startPayload(action: 'run' | 'write', argv: readonly string[], options: CommandOptions): string {
  const environment = Object.entries({ ...guestEnvironment, ...options.env }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const fields = [
    action,
    options.cwd ?? '/',
    options.namespace ?? '',
    String(environment.length),
    ...environment,
    ...argv,
  ];
  if (argv.length === 0 || fields.some(field => field.includes('\0'))) {
    throw new TypeError('a command needs a program, and none of its words may contain a NUL');
  }
  return fields.join('\0');
}

function sendInput(line: GuestLine, command: number, input: string | Uint8Array): void {
  const bytes = Buffer.from(input as Uint8Array);
  const chunkBytes = 16_384;
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    line.send('I', command, bytes.subarray(start, start + chunkBytes));
  }
  line.send('Z', command);
}
