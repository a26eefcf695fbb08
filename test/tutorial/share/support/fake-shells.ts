import type { Shell, ShellOptions } from '../../../../src/tutorial/lab/lab.js';
import type { Machine } from '../../../../src/tutorial/machines.js';

/** A shell that records what it gets and ends when a test says so. */
export interface FakeShell {
  readonly machine: Machine;
  readonly options: ShellOptions;
  /** What happened to it: `type ls`, `size 80x24`, `hang up`. */
  readonly events: readonly string[];
  show(text: string): void;
  end(exitCode: number): void;
  lose(error: Error): void;
}

/** Opens fake shells. By default they end when they are hung up. */
export function createFakeShells() {
  const shells: FakeShell[] = [];
  return {
    shells,
    openShell(machine: Machine, options: ShellOptions): Shell {
      const { shell, fake } = createFakeShell(machine, options);
      shells.push(fake);
      return shell;
    },
  };
}

function createFakeShell(machine: Machine, options: ShellOptions): { readonly shell: Shell; readonly fake: FakeShell } {
  const events: string[] = [];
  let end!: (exitCode: number) => void;
  let lose!: (error: Error) => void;
  const ended = new Promise<number>((resolve, reject) => {
    end = resolve;
    lose = reject;
  });
  const shell: Shell = {
    write: bytes => void events.push(`type ${Buffer.from(bytes).toString()}`),
    resize: ({ columns, rows }) => void events.push(`size ${columns}x${rows}`),
    hangUp() {
      events.push('hang up');
      end(129);
    },
    ended,
  };
  const show = (text: string) => options.onOutput(Buffer.from(text));
  return { shell, fake: { machine, options, events, show, end, lose } };
}
