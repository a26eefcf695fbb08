import type { Socket } from 'node:net';
import { type Answer, type AnswerOptions, answerText, plainText } from './answer.js';
import { parseRequestHead, type RequestHead } from './request-head.js';

/** Limits for a client: a probe is one short request. Sizes are in bytes, times in milliseconds. */
export interface RequestLimits {
  readonly headSize: number;
  /** In how many pieces the head of a request may arrive: each takes the time of a small request. */
  readonly pieces: number;
  /** How long a client may take to send a request, from its connection or its last answer on. */
  readonly asking: number;
  /** How long a client may wait for an answer and read it. */
  readonly reading: number;
}

export interface ConnectionOptions {
  readonly limits: RequestLimits;
  /** Must not reject. */
  readonly answer: (request: RequestHead) => Promise<Answer>;
  /** Returns true if the client may send a further request over its connection. */
  readonly mayAskAgain: () => boolean;
}

const endOfHead = '\r\n\r\n';
const nothing = Buffer.alloc(0);

/**
 * Answers the requests of one connection, one after another. It does not read while an answer is on its way, so at most
 * one answer is in memory if the client does not read. If a client sends several requests at once (pipelining) or a
 * body, it gets one answer, and the connection is closed.
 *
 * Node's HTTP server would parse all 2,500 requests of 64 KiB before the first answer, and collect their answers.
 */
export class HttpConnection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  /** What has arrived of a request's head. */
  #head = nothing;
  #pieces = 0;
  #isFirst = true;
  #isAnswering = false;
  /** The client sends nothing more, but may read. */
  #hasEnded = false;
  #deadline: NodeJS.Timeout | undefined;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    // A client's misbehavior ends its connection, never the process.
    socket.on('error', () => {});
    socket.on('close', () => clearTimeout(this.#deadline));
    socket.on('data', chunk => this.#receive(chunk));
    socket.on('end', () => {
      this.#hasEnded = true;
      if (!this.#isAnswering) socket.destroySoon();
    });
    this.#limitTime(options.limits.asking);
  }

  #receive(chunk: Buffer): void {
    const isNext = this.#head.length === 0 && !this.#isFirst;
    if (isNext && !this.#options.mayAskAgain()) {
      this.#socket.destroy();
      return;
    }
    const searchFrom = Math.max(0, this.#head.length - endOfHead.length + 1);
    this.#head = Buffer.concat([this.#head, chunk]);
    const end = this.#head.indexOf(endOfHead, searchFrom);
    const { headSize, pieces } = this.#options.limits;
    this.#pieces += 1;
    if ((end < 0 ? this.#head.length : end) > headSize || this.#pieces > pieces) this.#refuse(431);
    else if (end >= 0) this.#parse(this.#head.subarray(0, end), this.#head.length > end + endOfHead.length);
    else if (!isBeginning(this.#head)) this.#refuse(400);
  }

  /** @param hasMore whether something follows the head already */
  #parse(head: Buffer, hasMore: boolean): void {
    const request = parseRequestHead(head.toString('latin1'));
    if (request === undefined) this.#refuse(400);
    else this.#answer(request, { isHead: request.method === 'HEAD', keepsAlive: request.keepsAlive && !hasMore });
  }

  #answer(request: RequestHead, how: AnswerOptions): void {
    this.#beginAnswer();
    this.#options
      .answer(request)
      .then(answer => this.#send(answer, how))
      .catch(() => this.#socket.destroy());
  }

  #refuse(code: 400 | 431): void {
    const reason = code === 400 ? 'not an HTTP request' : 'the headers are too large';
    this.#beginAnswer();
    this.#send(plainText(`${reason}\n`, code), { isHead: false, keepsAlive: false });
  }

  #beginAnswer(): void {
    this.#isAnswering = true;
    this.#isFirst = false;
    this.#head = nothing;
    this.#pieces = 0;
    this.#socket.pause();
    this.#limitTime(this.#options.limits.reading);
  }

  #send(answer: Answer, { isHead, keepsAlive }: AnswerOptions): void {
    if (this.#socket.destroyed) return;
    const isLast = !keepsAlive || this.#hasEnded || answer.headers?.Connection === 'close';
    this.#socket.write(answerText(answer, { isHead, keepsAlive: !isLast }), error => {
      if (error) this.#socket.destroy();
      else if (isLast || this.#hasEnded) this.#socket.destroySoon();
      else this.#awaitNext();
    });
  }

  #awaitNext(): void {
    this.#isAnswering = false;
    this.#limitTime(this.#options.limits.asking);
    this.#socket.resume();
  }

  #limitTime(milliseconds: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#socket.destroy(), milliseconds);
  }
}

/** Returns false if no request begins like this: another protocol, whose client would wait for its answer. */
const isBeginning = (head: Buffer): boolean => /^[A-Z]/.test(head.toString('latin1', 0, 1));
