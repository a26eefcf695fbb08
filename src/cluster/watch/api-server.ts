/** An answer whose body may still be arriving. */
export interface ApiAnswer {
  readonly status: number;
  /** The value of the header Retry-After, in seconds. */
  readonly retryAfterSeconds?: number | undefined;
  /** Throws if the connection breaks or the request's signal aborts. */
  readonly body: AsyncIterable<string | Buffer>;
}

/** Sends objects to the API server. */
export interface ApiWriter {
  /** Rejects if there is no answer at all, and if the signal aborts. */
  write(method: 'POST' | 'PUT', path: string, object: object, signal: AbortSignal): Promise<ApiAnswer>;
}

/** The API server behind a running `kubectl proxy`: GETs whose answers are streams of text. */
export interface ApiServer {
  /** Rejects if there is no answer at all, and if the signal aborts. */
  get(path: string, signal: AbortSignal): Promise<ApiAnswer>;
  close(): Promise<void>;
}
