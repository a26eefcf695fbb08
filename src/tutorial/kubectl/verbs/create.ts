import { optionalFlag, plainFlag } from '../command/flags.js';
import { readManifests } from '../command/manifests.js';
import type { Verb } from '../command/session.js';
import { KubectlFailure } from '../failure.js';
import { dryRunOf, writeFlags, writtenPrinter } from './written.js';

export const create: Verb = {
  flags: [...writeFlags, optionalFlag('validate'), plainFlag('save-config')],
  async run(session) {
    const { options, server, io, report } = session;
    const [word] = options.words;
    if (word !== undefined)
      throw new KubectlFailure(
        `error: this kubectl is the lesson's stand-in, and has no "create ${word}". Write the object as YAML, and ` +
          'create it with kubectl create -f FILE or kubectl apply -f FILE.',
      );
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
