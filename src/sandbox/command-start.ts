import { dirname } from 'node:path';
import type { SendFrame } from './guest-line.js';
import type { CommandOptions } from './sandbox.js';

/** `write` copies the input to a file, the only word of argv. */
export type CommandAction = 'run' | 'write';

/** The options that the guest needs to start a command. */
export interface StartOptions extends Pick<CommandOptions, 'env' | 'cwd' | 'namespace' | 'hostname'> {
  /** The size of the command's terminal: `80 24`. Default: none, the command gets pipes. */
  readonly terminal?: string;
}

/**
 * Builds the payload of a frame that starts a command.
 * @throws TypeError if argv is empty or a word contains a NUL
 */
export function startPayload(action: CommandAction, argv: readonly string[], options: StartOptions): string {
  const environment = Object.entries({ ...guestEnvironment, ...options.env }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const fields = [
    action,
    options.cwd ?? '/',
    options.namespace ?? '',
    options.hostname ?? '',
    options.terminal ?? '',
    String(environment.length),
    ...environment,
    ...argv,
  ];
  if (argv.length === 0 || fields.some(field => field.includes('\0'))) {
    throw new TypeError('a command needs a program, and none of its words may contain a NUL');
  }
  return fields.join('\0');
}

/** Sends a command's whole standard input and its end. */
export function sendInput(send: SendFrame, input: string | Uint8Array): void {
  sendBytes(send, input);
  send('Z');
}

/** Sends a part of a command's standard input. */
export function sendBytes(send: SendFrame, input: string | Uint8Array): void {
  const bytes = Buffer.from(input as Uint8Array);
  const chunkBytes = 16_384;
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    send('I', bytes.subarray(start, start + chunkBytes));
  }
}

/** Returns a PATH with the guest's own links first and with the folder of the host's Node. */
function guestPath(): string {
  const system = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  const node = dirname(process.execPath);
  return ['/run/kproxy/bin', ...(system.includes(node) ? [] : [node]), ...system].join(':');
}

const guestEnvironment = { PATH: guestPath(), HOME: '/run/kproxy/home', LANG: 'C.UTF-8' };
