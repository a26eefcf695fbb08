import type { Command } from './scenario.js';

/** What the real kubectl and API server answered. */
export interface Recording {
  /** When the objects at the beginning were created, and the time of the answers. */
  readonly created: string;
  readonly now: string;
  /** The cluster's objects before the first command. */
  readonly objects: readonly Readonly<Record<string, unknown>>[];
  readonly answers: readonly Answer[];
}

interface Answer extends Command {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The age of all objects in the tables. */
export const ageSeconds = 42;

/** The stand-in does not advise to use EndpointSlices, since the lesson has none, or to avoid external IPs. */
const deprecation = /^Warning: (v1 Endpoints|spec\.externalIPs) is deprecated .*\n/gm;

/** Replaces what differs from run to run, and leaves out deprecations. */
export const normalized = (text: string): string =>
  text
    .replace(deprecation, '')
    .replace(/\b[1-9]\ds\b|\b\d+s$/gm, `${ageSeconds}s`)
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID')
    .replace(/(resourceVersion"?: "?)\d+/g, '$1NUMBER')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME');
