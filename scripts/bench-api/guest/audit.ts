import { readFileSync } from 'node:fs';

interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent?: string;
  readonly sourceIPs?: readonly string[];
}

/** Reads requests from the audit log of an API server that logs each once. */
export class AuditLog {
  readonly #path: string;
  #position = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Skips what is in the log. */
  skip(): void {
    this.#position = readFileSync(this.#path).length;
  }

  /** Returns the requests of a client since `skip`. The client is known by the address that it comes from. */
  requestsFrom(address: string): readonly string[] {
    const text = readFileSync(this.#path).subarray(this.#position).toString();
    return requestsFrom(text, address);
  }
}

/**
 * Returns the requests of one client as `VERB PATH (CLIENT)`. A resource version in the path becomes `N`, so that two
 * runs can be compared.
 */
export function requestsFrom(log: string, address: string): readonly string[] {
  return log
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as AuditEvent)
    .filter(({ sourceIPs = [] }) => sourceIPs.includes(address))
    .map(
      ({ verb, requestURI, userAgent = '' }) => `${verb} ${withoutNumbers(requestURI)} (${userAgent.split(' ')[0]})`,
    );
}

const withoutNumbers = (uri: string): string =>
  uri.replace(/\b(resourceVersion|timeoutSeconds)=[1-9]\d*/g, '$1=N').replace(/\btimeout=[\dms]+/g, 'timeout=N');
