import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { perlTerminal } from '../../src/sandbox/perl-terminal.js';
import type { TerminalSize } from '../../src/sandbox/sandbox.js';

export interface PseudoTerminalOptions {
  /** Default: 80 × 24. */
  readonly size?: TerminalSize;
  /** In addition to this process's variables and TERM. A variable that is undefined is removed. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/** A program on a terminal of its own, seen by who sits in front of it. */
export interface PseudoTerminal {
  /** Types on the keyboard. Enter is `\r`, Ctrl-C is `\x03`. */
  type(text: string): void;
  resize(size: TerminalSize): void;
  /** Returns all output so far, control sequences included. Lines end with `\r\n`. */
  screen(): string;
  /**
   * Waits for output that matches, after what an earlier call waited for. Returns the output from there to the end of
   * the match. One wait at a time. Default limit: 20 seconds.
   * @throws Error if the limit passes or the program ends first
   */
  until(pattern: RegExp, limitMilliseconds?: number): Promise<string>;
  /** Closes the window: the program loses its terminal and gets SIGHUP. After ten seconds it is killed. */
  hangUp(): void;
  /** Kills the program and the other processes of its session, and waits for its end. For the end of a test. */
  close(): Promise<void>;
  /** Resolves with the exit code, as in a shell, once the program has ended and its output is complete. */
  readonly ended: Promise<number>;
}

/**
 * Runs the words of @ARGV after the size on a terminal. Standard input has frames: length of the payload (4 bytes),
 * type (1 letter), payload. I is typed, W is a new size, H hangs up, K kills. The end of standard input kills too.
 */
const driver = String.raw`use strict;
use warnings;
use Fcntl ();
use POSIX ();
${perlTerminal}
my ($columns, $rows, @argv) = @ARGV;
my ($screen, $terminal) = open_terminal($columns, $rows);
pipe(my $wake_read, my $wake_write) or die "pipe: $!\n";
$SIG{CHLD} = sub { syswrite $wake_write, 'x' };
my $pid = fork // die "fork: $!\n";
if (!$pid) {
  $SIG{CHLD} = 'DEFAULT';
  enter_terminal($terminal);
  no warnings 'exec';
  exec { $argv[0] } @argv or print STDERR "$argv[0]: $!\n";
  POSIX::_exit(127);
}
fcntl $screen, Fcntl::F_SETFL(), fcntl($screen, Fcntl::F_GETFL(), 0) | Fcntl::O_NONBLOCK();
my ($frames, $typed, $deadline) = ('', '');

sub show {
  my $count = sysread($screen, my $chunk, 65536);
  return 0 if !$count;
  for (my $sent = 0; $sent < $count; ) { $sent += syswrite(STDOUT, $chunk, $count - $sent, $sent) // exit 1 }
  return 1;
}

sub handle {
  my ($type, $payload) = @_;
  if ($type eq 'I') { $typed .= $payload }
  elsif ($type eq 'W') { set_terminal_size($screen, unpack 'n n', $payload) if $screen }
  elsif ($type eq 'K') { signal_session($pid, 'KILL') }
  elsif ($type eq 'H') { ($screen, $terminal, $deadline) = (undef, undef, time + 10) }
}

sub receive {
  my $count = sysread STDIN, $frames, 65536, length $frames;
  if (!$count) { signal_session($pid, 'KILL'); exit 1 }
  while (length $frames >= 5 && length $frames >= 5 + unpack 'N', $frames) {
    my ($type, $payload) = unpack 'x4 a a*', substr($frames, 0, 5 + unpack('N', $frames), '');
    handle($type, $payload);
  }
}

while (1) {
  my ($readable, $writable) = ('', '');
  vec($readable, fileno $_, 1) = 1 for grep { defined } *STDIN, $wake_read, $screen;
  vec($writable, fileno $screen, 1) = 1 if $screen && length $typed;
  my $count = select $readable, $writable, undef, $deadline ? 1 : undef;
  signal_session($pid, 'KILL') if $deadline && time > $deadline;
  next if $count <= 0;
  if ($screen && vec $writable, fileno $screen, 1) {
    my $written = syswrite $screen, $typed;
    substr $typed, 0, $written // 0, '';
  }
  show() if $screen && vec $readable, fileno $screen, 1;
  receive() if vec $readable, fileno(*STDIN), 1;
  next if !vec $readable, fileno $wake_read, 1;
  waitpid $pid, 0;
  my $status = $?;
  1 while $screen && show();
  exit($status & 127 ? 128 + ($status & 127) : $status >> 8);
}
`;

const frame = (type: string, payload: Buffer = Buffer.alloc(0)): Buffer => {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(payload.length, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, payload]);
};

const sizePayload = ({ columns, rows }: TerminalSize): Buffer => {
  const payload = Buffer.alloc(4);
  payload.writeUInt16BE(columns, 0);
  payload.writeUInt16BE(rows, 2);
  return payload;
};

/** Runs a program on a terminal, which is its controlling one. The program does not outlive this process. */
export function openPseudoTerminal(
  argv: readonly string[],
  { size = { columns: 80, rows: 24 }, env = {}, cwd }: PseudoTerminalOptions = {},
): PseudoTerminal {
  const child = spawn('perl', ['-e', driver, String(size.columns), String(size.rows), ...argv], {
    env: { ...process.env, TERM: 'xterm-256color', ...env },
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const screen = new Screen(argv.join(' '));
  child.stdout.setEncoding('utf8').on('data', (text: string) => screen.append(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => screen.append(text));
  child.stdin.on('error', () => {});
  const ended = once(child, 'close').then(([code]: number[]) => {
    screen.end();
    return code ?? 1;
  });
  const send = (type: string, payload?: Buffer) => void child.stdin.write(frame(type, payload));
  return {
    type: text => send('I', Buffer.from(text)),
    resize: newSize => send('W', sizePayload(newSize)),
    screen: () => screen.text,
    until: (pattern, limitMilliseconds = 20_000) => screen.until(pattern, limitMilliseconds),
    hangUp: () => send('H'),
    close: async () => {
      send('K');
      await ended;
    },
    ended,
  };
}

/** The output of a program, and the waits for something in it. */
class Screen {
  text = '';
  readonly #program: string;
  #seen = 0;
  #hasEnded = false;
  #onChange = () => {};

  constructor(program: string) {
    this.#program = program;
  }

  append(text: string): void {
    this.text += text;
    this.#onChange();
  }

  end(): void {
    this.#hasEnded = true;
    this.#onChange();
  }

  until(pattern: RegExp, limitMilliseconds: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const settle = (action: () => void) => {
        clearTimeout(timer);
        this.#onChange = () => {};
        action();
      };
      const fail = (problem: string) => settle(() => reject(this.#failure(pattern, problem)));
      const timer = setTimeout(() => fail(`within ${limitMilliseconds / 1_000} s`), limitMilliseconds);
      this.#onChange = () => {
        const matched = this.#match(pattern);
        if (matched !== undefined) settle(() => resolve(matched));
        else if (this.#hasEnded) fail('before it ended');
      };
      this.#onChange();
    });
  }

  #match(pattern: RegExp): string | undefined {
    const unseen = this.text.slice(this.#seen);
    const match = pattern.exec(unseen);
    if (match === null) return undefined;
    const matched = unseen.slice(0, match.index + match[0].length);
    this.#seen += matched.length;
    return matched;
  }

  #failure(pattern: RegExp, problem: string): Error {
    const unseen = JSON.stringify(this.text.slice(this.#seen).slice(-2_000));
    return new Error(`${this.#program} printed nothing that matches ${pattern} ${problem}, but: ${unseen}`);
  }
}
