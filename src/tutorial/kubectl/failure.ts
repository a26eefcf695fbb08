/** An error that kubectl itself reports, in the words that it prints. */
export class KubectlFailure extends Error {}

export type Reason = 'NotFound' | 'AlreadyExists' | 'BadRequest' | 'Conflict' | 'Forbidden' | 'Invalid';

/** An error that the API server would answer. */
export class ServerError extends Error {
  readonly reason: Reason;

  constructor(reason: Reason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Fields that have wrong values, each as `spec.type: Invalid value: …`. */
export const invalid = (kind: string, name: string, causes: readonly string[]): ServerError => {
  const list = causes.length === 1 ? causes[0] : causes.map(cause => `\n* ${cause}`).join('');
  return new ServerError('Invalid', `The ${kind} "${name}" is invalid: ${list}`);
};

export const notFound = (plural: string, name: string): ServerError =>
  new ServerError('NotFound', `${plural} "${name}" not found`);

/**
 * Returns what kubectl prints about an error.
 * @param doing what failed: `creating "STDIN"`. The API server's word about wrong fields is printed without it.
 * @throws the error itself if it is a bug
 */
export function failureText(error: unknown, doing?: string): string {
  if (error instanceof KubectlFailure) return error.message;
  if (!(error instanceof ServerError)) throw error;
  if (error.reason === 'Invalid') return error.message;
  const before = doing === undefined ? '' : `error when ${doing}: `;
  return `Error from server (${error.reason}): ${before}${error.message}`;
}
