import { findObjects } from '../command/find-objects.js';
import { optionalFlag, plainFlag, textFlag } from '../command/flags.js';
import { hasSelector } from '../command/selectors.js';
import type { Session, Verb } from '../command/session.js';
import { KubectlFailure } from '../failure.js';
import { type Kind, slashName } from '../objects/kinds.js';
import { dryRunOf, writeFlags } from './written.js';

export const remove: Verb = {
  flags: [
    ...writeFlags,
    textFlag('selector', 'l'),
    textFlag('field-selector'),
    plainFlag('all'),
    plainFlag('all-namespaces', 'A'),
    plainFlag('ignore-not-found'),
    plainFlag('now'),
    plainFlag('force'),
    textFlag('grace-period'),
    textFlag('timeout'),
    plainFlag('wait'),
    plainFlag('interactive', 'i'),
    optionalFlag('cascade'),
  ],
  async run(session) {
    const { options, server, io, report } = session;
    const output = options.text('output') ?? '';
    if (output !== '' && output !== 'name')
      throw new KubectlFailure(`error: unexpected -o output mode: ${output}. We only support '-o name'`);
    if (options.isOn('force')) io.stderr(forceWarning);
    const found = await findObjects(session);
    for (const { kind, object } of found)
      try {
        const { name, namespace = 'default' } = object.metadata;
        server.remove(kind, namespace, name, { isDryRun: dryRunOf(session) !== 'none' });
        io.stdout(output === 'name' ? `${slashName(kind, name)}\n` : deletedText(session, kind, name));
      } catch (error) {
        report(error);
      }
    if (found.length === 0 && (hasSelector(options) || options.isOn('all'))) io.stdout('No resources found\n');
  },
};

const forceWarning =
  'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The ' +
  'resource may continue to run on the cluster indefinitely.\n';

function deletedText(session: Session, { singular, isNamespaced }: Kind, name: string): string {
  const verb =
    session.options.isOn('force') && session.options.text('grace-period') === '0' ? 'force deleted' : 'deleted';
  const place = isNamespaced ? ` from ${session.namespace} namespace` : '';
  const suffix = { none: '', client: ' (dry run)', server: ' (server dry run)' }[dryRunOf(session)];
  return `${singular} "${name}" ${verb}${place}${suffix}\n`;
}
