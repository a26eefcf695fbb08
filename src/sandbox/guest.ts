import type { CommandEvents } from './command-events.js';
import type { GuestKernel } from './guest-kernel.js';
import { createGuestLine, type GuestLine, type SendFrame } from './guest-line.js';
import type { Frame } from './guest-protocol.js';
import { kernelEnded } from './kernel-ended.js';

/** The connection to a guest's agent. */
export interface Guest {
  readonly line: GuestLine;
  /** Resolves once the agent is ready for commands. */
  readonly ready: Promise<void>;
  /** Registers a command. Its frames carry a number that no other command has. */
  addCommand<Command extends CommandEvents>(
    create: (send: SendFrame) => Command,
  ): {
    readonly send: SendFrame;
    readonly command: Command;
  };
}

/** Connects to the agent of a kernel. Numbers the commands and passes each frame to its command. */
export function connectGuest(kernel: GuestKernel): Guest {
  const commands = new Map<number, CommandEvents>();
  let lastNumber = 0;
  let end: Error | undefined;
  let onReady = () => {};
  const ready = new Promise<void>(resolve => {
    onReady = resolve;
  });
  const line = createGuestLine(kernel.line, frame => {
    if (frame.type === 'R') return onReady();
    const command = commands.get(frame.command);
    if (frame.type === 'X') commands.delete(frame.command);
    if (command) deliver(command, frame);
  });
  kernel.ended.then(output => {
    end = kernelEnded('while a command was at work', output);
    for (const command of commands.values()) command.onLost(end);
    commands.clear();
  });
  return {
    line,
    ready,
    addCommand(create) {
      lastNumber += 1;
      const number = lastNumber;
      const send: SendFrame = (type, payload) => line.send(type, number, payload);
      const command = create(send);
      if (end) command.onLost(end);
      else commands.set(number, command);
      return { send, command };
    },
  };
}

function deliver(command: CommandEvents, frame: Frame): void {
  if (frame.type === 'O') command.onOutput(frame.payload);
  if (frame.type === 'E') command.onErrorOutput(frame.payload);
  if (frame.type === 'X') command.onExit(frame.payload[0] ?? 0, frame.payload[1] ?? 0);
}
