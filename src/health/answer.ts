import { STATUS_CODES } from 'node:http';

export interface Answer {
  readonly code: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const plainText = (body: string, code = 200): Answer => ({
  code,
  contentType: 'text/plain; charset=utf-8',
  body,
});

export const json = (body: string, code: number): Answer => ({ code, contentType: 'application/json', body });

export interface AnswerOptions {
  /** Leaves the body out, as the answer to HEAD. */
  readonly isHead: boolean;
  /** The connection stays open for another request. */
  readonly keepsAlive: boolean;
}

/**
 * Returns the text of an HTTP/1.1 answer.
 * @throws Error if a header would not be one line
 */
export function answerText({ code, contentType, body, headers }: Answer, options: AnswerOptions): string {
  const lines = Object.entries({
    Date: new Date().toUTCString(),
    'Content-Type': contentType,
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: options.keepsAlive ? 'keep-alive' : 'close',
    ...headers,
  }).map(([name, value]) => `${name}: ${singleLine(value)}\r\n`);
  const start = `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}\r\n`;
  return `${start}${lines.join('')}\r\n${options.isHead ? '' : body}`;
}

function singleLine(value: string): string {
  if (!/^[\t -~]*$/.test(value)) throw new Error('a header has a character that is not printable ASCII');
  return value;
}
