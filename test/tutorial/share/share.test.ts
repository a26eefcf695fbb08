import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFrameReader, encodeFrames } from '../../../src/tutorial/share/frames.js';
import { helloText } from '../../../src/tutorial/share/hello.js';
import { type JoinOptions, joinShell } from '../../../src/tutorial/share/join-shell.js';
import { type OfferedShells, type OfferOptions, offerShells } from '../../../src/tutorial/share/offer-shells.js';
import { socketPath } from '../../../src/tutorial/share/share-folder.js';
import { createFakeShells, type FakeShell } from './support/fake-shells.js';
import { createFakeTerminal } from './support/fake-terminal.js';

let parent: string;
let folder: string;
let fakes: ReturnType<typeof createFakeShells>;
let offers: OfferedShells[];
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
  folder = join(parent, 'kproxy');
  fakes = createFakeShells();
  offers = [];
});
afterEach(async () => {
  await Promise.all(offers.map(offer => offer.close()));
  rmSync(parent, { recursive: true });
});

/** Starts a lesson that offers fake shells. */
async function offer(options: Partial<OfferOptions> = {}): Promise<OfferedShells> {
  const offered = await offerShells({ folder, openShell: fakes.openShell, ...options });
  if (offered.kind !== 'offered') throw new Error(`the offer is ${offered.kind}`);
  offers.push(offered);
  return offered;
}

/** Joins the lesson on a terminal of its own. */
function joinLesson(options: Partial<JoinOptions> = {}) {
  const terminal = createFakeTerminal();
  const exitCode = joinShell({
    folder,
    machine: 'inajob',
    stdin: terminal.stdin,
    stdout: terminal.stdout,
    environment: { TERM: 'xterm' },
    texts: { restarted: 'The machines are new.', lessonEnded: 'The lesson has ended.' },
    ...options,
  });
  exitCode.catch(() => {});
  return { terminal, exitCode };
}

/** Waits until so many shells were opened. Returns the last one. */
async function openedShell(count = 1): Promise<FakeShell> {
  await expect.poll(() => fakes.shells.length).toBe(count);
  return fakes.shells[count - 1] as FakeShell;
}

describe('a terminal that joins a lesson', () => {
  test('gets a shell on the machine, with its own size and variables, until the shell ends', async () => {
    await offer();
    const { terminal, exitCode } = joinLesson();
    const shell = await openedShell();
    expect([shell.machine, shell.options.size, shell.options.environment]).toEqual([
      'inajob',
      { columns: 71, rows: 19 },
      { TERM: 'xterm' },
    ]);
    shell.show('inajob# ');
    await expect.poll(() => terminal.text()).toBe('inajob# ');
    terminal.type('\x03');
    terminal.resize(132, 50);
    await expect.poll(() => shell.events.join()).toBe('size 71x19,type \x03,size 132x50');
    shell.end(7);
    expect(await exitCode).toBe(7);
    expect(terminal.rawModes).toEqual([true, false]);
  });

  test('passes megabytes both ways', async () => {
    await offer();
    const { terminal, exitCode } = joinLesson();
    const shell = await openedShell();
    const line = 'a line of the output\r\n';
    shell.show(line.repeat(200_000));
    shell.end(0);
    expect(await exitCode).toBe(0);
    expect(terminal.text() === line.repeat(200_000)).toBe(true);
    const second = joinLesson();
    const next = await openedShell(2);
    await expect.poll(() => next.events).toEqual(['size 71x19']);
    second.terminal.type('x'.repeat(1_000_000));
    const typed = () => next.events.slice(1).reduce((sum, event) => sum + event.length - 'type '.length, 0);
    await expect.poll(typed).toBe(1_000_000);
    next.end(0);
    await second.exitCode;
  });

  test('gets another shell when the machines are new, also if it comes meanwhile', async () => {
    const lesson = await offer();
    const { terminal, exitCode } = joinLesson();
    const first = await openedShell();
    first.show('\u001b[?25l');
    await expect.poll(() => terminal.text()).toBe('\u001b[?25l');
    let meanwhile: ReturnType<typeof joinLesson> | undefined;
    const restarted = await lesson.whileRestarting(async () => {
      first.end(129);
      meanwhile = joinLesson({ machine: 'master' });
      terminal.resize(90, 30);
      await expect.poll(() => first.events.at(-1)).toBe('size 90x30');
      return 'done';
    });
    expect(restarted).toBe('done');
    await openedShell(3);
    const [, second, third] = fakes.shells as [FakeShell, FakeShell, FakeShell];
    first.show('too late');
    second.show('inajob# ');
    expect([second.machine, second.options.size]).toEqual(['inajob', { columns: 90, rows: 30 }]);
    await expect.poll(() => terminal.text()).toBe('\u001b[?25l\u001b[?25h\r\nThe machines are new.\r\ninajob# ');
    expect(third.machine).toBe('master');
    second.end(3);
    third.end(4);
    expect([await exitCode, await meanwhile?.exitCode]).toEqual([3, 4]);
    expect(meanwhile?.terminal.text()).toBe('');
  });

  test('is told if the new machines do not start', async () => {
    const lesson = await offer();
    const { terminal, exitCode } = joinLesson();
    await openedShell();
    const work = lesson.whileRestarting(async () => {
      throw new Error('the kernel did not \u001bboot');
    });
    await expect(work).rejects.toThrow('boot');
    await expect(exitCode).rejects.toMatchObject({
      code: 'lesson-unavailable',
      message: 'the shell in the lesson was lost',
      evidence: 'the kernel did not \\u001bboot',
    });
    expect(terminal.rawModes).toEqual([true, false]);
  });

  test('ends with the lesson, and its shell is hung up', async () => {
    const lesson = await offer();
    const { terminal, exitCode } = joinLesson();
    const shell = await openedShell();
    shell.show('\u001b[?1049h');
    await lesson.close();
    expect(await exitCode).toBe(0);
    expect(shell.events.at(-1)).toBe('hang up');
    expect(terminal.rawModes).toEqual([true, false]);
    await expect.poll(() => terminal.text()).toBe('\u001b[?1049h\u001b[?1049l\nThe lesson has ended.\n');
    expect(existsSync(folder)).toBe(false);
  });

  test('takes its shell with it', async () => {
    await offer();
    const { terminal, exitCode } = joinLesson();
    const shell = await openedShell();
    terminal.endInput();
    expect(await exitCode).toBe(129);
    await expect.poll(() => shell.events.at(-1)).toBe('hang up');
  });

  test('is told why no shell can be opened', async () => {
    await offer({
      openShell() {
        throw new Error('the answers are recorded ones');
      },
    });
    await expect(joinLesson().exitCode).rejects.toMatchObject({ evidence: 'the answers are recorded ones' });
  });

  test('is told that the shell was lost', async () => {
    await offer();
    const { exitCode } = joinLesson();
    (await openedShell()).lose(new Error('the sandbox ended'));
    await expect(exitCode).rejects.toMatchObject({ evidence: 'the sandbox ended' });
  });
});

describe('without a lesson, joining', () => {
  const noLesson = {
    code: 'lesson-unavailable',
    message: 'no lesson of this user is running',
    advice: 'Start one in another terminal: kproxy tutorial.',
  };

  test('says so if there is no folder or no socket', async () => {
    await expect(joinLesson().exitCode).rejects.toMatchObject(noLesson);
    mkdirSync(folder, { mode: 0o700 });
    await expect(joinLesson().exitCode).rejects.toMatchObject(noLesson);
  });

  test('says so if a killed lesson left its socket', async () => {
    await leaveSocket();
    await expect(joinLesson().exitCode).rejects.toMatchObject(noLesson);
  });

  test('refuses a folder of another user', async () => {
    mkdirSync(folder, { mode: 0o700 });
    await expect(joinLesson({ userId: 12_345 }).exitCode).rejects.toMatchObject({
      message: `the folder ${folder} cannot be used to share shells`,
    });
  });
});

describe('a program that is no lesson', () => {
  /** Serves at the lesson's socket. */
  async function serve(onSocket: (socket: Socket) => void) {
    mkdirSync(folder, { mode: 0o700 });
    const server = createServer(onSocket).listen(socketPath(folder));
    await once(server, 'listening');
    return server;
  }

  test.each([
    [
      'sends anything else',
      'GET /',
      'The lesson does not speak this version\'s protocol: a frame has the unknown type "G".',
    ],
    ['sends frames of the other side', encodeFrames('H', 'x'), expect.stringContaining('type H is out of place')],
    ['hangs', '', 'The lesson did not start a shell within 0.2 s.'],
  ])('and %s is not believed', async (_name, bytes, evidence) => {
    const server = await serve(socket => void (bytes.length > 0 && socket.write(bytes)));
    const { terminal, exitCode } = joinLesson({ startMilliseconds: 200 });
    await expect(exitCode).rejects.toMatchObject({ code: 'lesson-unavailable', evidence });
    expect(terminal.rawModes).toEqual([]);
    server.close();
  });

  test('and closes the connection is reported', async () => {
    const server = await serve(socket => void socket.end(encodeFrames('S')));
    const { terminal, exitCode } = joinLesson();
    await expect(exitCode).rejects.toMatchObject({ evidence: 'The lesson closed the connection.' });
    expect(terminal.rawModes).toEqual([true, false]);
    server.close();
  });
});

describe('a lesson', () => {
  test('leaves the terminals to another one that runs', async () => {
    await offer();
    expect(await offerShells({ folder, openShell: fakes.openShell })).toEqual({ kind: 'taken' });
    const { exitCode } = joinLesson();
    (await openedShell()).end(5);
    expect(await exitCode).toBe(5);
  });

  test('replaces the socket of one that was killed', async () => {
    await leaveSocket();
    await offer();
    const { exitCode } = joinLesson();
    (await openedShell()).end(6);
    expect(await exitCode).toBe(6);
  });

  test('says why nothing can be offered', async () => {
    writeFileSync(folder, '');
    expect(await offerShells({ folder, openShell: fakes.openShell })).toMatchObject({
      kind: 'impossible',
      error: { code: 'lesson-unavailable', evidence: 'It is not a folder.' },
    });
  });

  test('closes once, and leaves nothing behind', async () => {
    const lesson = await offer();
    await Promise.all([lesson.close(), lesson.close()]);
    await lesson.close();
    expect(existsSync(folder)).toBe(false);
  });
});

describe('a peer', () => {
  /** Connects without a terminal. Resolves with what the lesson answers until it closes the connection. */
  async function answersTo(bytes: Buffer | string): Promise<readonly string[]> {
    const socket = connect(socketPath(folder));
    const answers: string[] = [];
    const read = createFrameReader(({ type, payload }) => answers.push(`${type} ${payload}`));
    socket.on('data', read).on('error', () => {});
    socket.write(bytes);
    await once(socket, 'close');
    return answers;
  }
  const hello = encodeFrames('H', helloText({ machine: 'master', size: { columns: 80, rows: 24 }, environment: {} }));

  test('that says nothing is given up', async () => {
    await offer({ limits: { helloMilliseconds: 100 } });
    expect(await answersTo('')).toEqual(['E no machine was named within 0.1 s']);
  });

  test.each([
    ['no frames', 'GET / HTTP/1.1\r\n\r\n', ['E a frame has the unknown type "G"']],
    ['no hello', encodeFrames('I', 'ls'), ['E a frame of the type I is out of place before the hello']],
    ['no valid hello', encodeFrames('H', '{}'), [expect.stringContaining('E the hello is not valid')]],
    ['two hellos', Buffer.concat([hello, hello]), ['S ', 'E a frame of the type H is out of place']],
    ['no valid size', Buffer.concat([hello, encodeFrames('W', '{}')]), ['S ', expect.stringContaining('E the size')]],
  ])('that sends %s is told so, and its shell is hung up', async (_name, bytes, expected) => {
    await offer();
    expect(await answersTo(bytes)).toEqual(expected);
    expect(fakes.shells.map(({ events }) => events.at(-1))).toEqual(fakes.shells.map(() => 'hang up'));
  });

  test('that does not read is given up', async () => {
    await offer({ limits: { unreadBytes: 100_000 } });
    const socket = connect(socketPath(folder));
    socket.pause();
    socket.write(hello);
    const shell = await openedShell();
    for (let sent = 0; sent < 100 && shell.events.length === 0; sent += 1) shell.show('x'.repeat(50_000));
    expect(shell.events).toEqual(['hang up']);
    socket.destroy();
  });

  test('that does not close is closed by the end of the lesson', async () => {
    const lesson = await offer({ limits: { closeMilliseconds: 100 } });
    const socket = connect({ path: socketPath(folder), allowHalfOpen: true });
    socket.write(hello);
    await openedShell();
    await lesson.close();
    socket.destroy();
  });
});

/** Leaves a socket without a server, as a process does that is killed. */
async function leaveSocket(): Promise<void> {
  mkdirSync(folder, { mode: 0o700 });
  const path = socketPath(folder);
  const server = createServer().listen(`${path}.other`);
  await once(server, 'listening');
  // The server removes the path at which it was created, not this one.
  renameSync(`${path}.other`, path);
  server.close();
  await once(server, 'close');
}
