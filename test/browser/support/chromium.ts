import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const program = 'chromium';

/** Whether Debian's Chromium is installed. */
export const hasChromium: boolean =
  spawnSync(program, ['--version'], { stdio: 'ignore', timeout: 20_000 }).error === undefined;

/** An event of the DevTools protocol. */
interface BrowserEvent {
  readonly sessionId: string | undefined;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A page in a headless browser. Every command has a limit. */
export interface BrowserPage {
  /** All events of the page so far, in order. */
  readonly events: readonly BrowserEvent[];
  /** Sends a command of the DevTools protocol. @throws Error if the browser refuses it, or does not answer in time */
  send(method: string, params?: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  /** Returns the value of an expression in the page. @throws Error if it throws */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Waits for an event that comes after this call. @throws Error if it does not come in time */
  next(method: string): Promise<BrowserEvent>;
}

const commandMilliseconds = 30_000;

const flags = [
  '--headless',
  // Chromium's own sandbox does not run as root. The page is one of this program.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  '--remote-debugging-pipe',
];

/** A running browser. It ends with `close`. */
export interface Browser {
  newPage(): Promise<BrowserPage>;
  close(): Promise<void>;
}

/** Starts a browser with an empty profile, which is removed when it is closed. */
export async function openBrowser(): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), 'kproxy-browser-'));
  const child = spawn(program, [...flags, `--user-data-dir=${folder}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    // A group of its own, so that its helpers end with it.
    detached: true,
  });
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()));
  const connection = new Connection(child);
  return {
    newPage: () => newPage(connection),
    close: async () => {
      killGroup(child.pid);
      await within(ended, 'end of the process');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

interface Waiting {
  readonly resolve: (result: Readonly<Record<string, unknown>>) => void;
  readonly reject: (error: Error) => void;
}

interface Message {
  readonly sessionId?: string;
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** Speaks the DevTools protocol over a pipe: JSON messages that end with a NUL. */
class Connection {
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(event: BrowserEvent) => void>();
  readonly #input: Writable;
  #rest = '';
  #lastId = 0;

  constructor(child: ChildProcess) {
    this.#input = child.stdio[3] as Writable;
    const output = child.stdio[4] as Readable;
    output.setEncoding('utf8');
    output.on('data', (text: string) => this.#receive(text));
    this.#input.on('error', () => {});
    child.once('error', error => this.#fail(error));
    child.once('close', () => this.#fail(new Error('the browser has ended')));
  }

  send(method: string, params: object, sessionId?: string): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.#lastId;
    const sent = new Promise<Readonly<Record<string, unknown>>>((resolve, reject) =>
      this.#waiting.set(id, { resolve, reject }),
    );
    this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return within(sent, method);
  }

  listen(listener: (event: BrowserEvent) => void): void {
    this.#listeners.add(listener);
  }

  next(method: string, sessionId: string): Promise<BrowserEvent> {
    const found = new Promise<BrowserEvent>(resolve => {
      const listener = (event: BrowserEvent) => {
        if (event.method !== method || event.sessionId !== sessionId) return;
        this.#listeners.delete(listener);
        resolve(event);
      };
      this.#listeners.add(listener);
    });
    return within(found, method);
  }

  #receive(text: string): void {
    const parts = (this.#rest + text).split('\0');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) this.#handle(JSON.parse(part) as Message);
  }

  #handle({ id, method, params, sessionId, result, error }: Message): void {
    if (id === undefined) {
      const event = { method: method ?? '', params: params ?? {}, sessionId };
      for (const listener of this.#listeners) listener(event);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result ?? {});
    else waiting?.reject(new Error(error.message));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

async function within<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the browser: no ${what} within 30 s`)), commandMilliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function newPage(connection: Connection): Promise<BrowserPage> {
  const { targetId } = await connection.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await connection.send('Target.attachToTarget', { targetId, flatten: true });
  const session = sessionId as string;
  const events: BrowserEvent[] = [];
  connection.listen(event => {
    if (event.sessionId === session) events.push(event);
  });
  const send = (method: string, params: object = {}) => connection.send(method, params, session);
  for (const domain of ['Page', 'Runtime', 'Log', 'Network', 'DOM']) await send(`${domain}.enable`);
  return {
    events,
    send,
    next: method => connection.next(method, session),
    evaluate: async <Value>(expression: string) => {
      const parameters = { expression, returnByValue: true, awaitPromise: true };
      const { result, exceptionDetails } = await send('Runtime.evaluate', parameters);
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return (result as { readonly value: Value }).value;
    },
  };
}
