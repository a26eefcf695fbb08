/** An answer whose body is still on its way. */
export interface ApiAnswer {
  readonly status: number;
  /** What the header Retry-After asks for, in seconds. */
  readonly retryAfterSeconds?: number | undefined;
  /** Ends early with an error when the connection breaks, or when the request's signal aborts. */
  readonly body: AsyncIterable<string | Buffer>;
}

/** The API server behind the running `kubectl proxy`: GETs as streams of text. */
export interface ApiServer {
  /** Rejects where there is no answer at all, and when the signal aborts. */
  get(path: string, signal: AbortSignal): Promise<ApiAnswer>;
  close(): Promise<void>;
}
