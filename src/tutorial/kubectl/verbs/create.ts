import { optionalFlag, plainFlag } from '../command/flags.js';
import { readManifests } from '../command/manifests.js';
import type { Verb } from '../command/session.js';
import { KubectlFailure } from '../failure.js';
import { dryRunOf, writeFlags, writtenPrinter } from './written.js';

export const create: Verb = {
  flags: [...writeFlags, optionalFlag('validate'), plainFlag('save-config')],
  async run(session) {
    const { options, server, io, report } = session;
    if (options.texts('filename').length === 0) throw new KubectlFailure('error: must specify one of -f and -k');
    const print = writtenPrinter(session);
    const isDryRun = dryRunOf(session) !== 'none';
    for (const { kind, object, source } of await readManifests(session))
      try {
        io.stdout(print({ kind, object: server.create(kind, object, { isDryRun }), outcome: 'created' }));
      } catch (error) {
        report(error, `creating ${JSON.stringify(source)}`);
      }
  },
};
