import { type Found, findObjects } from '../command/find-objects.js';
import { plainFlag, textFlag } from '../command/flags.js';
import { askedOf } from '../command/resources.js';
import type { Session, Verb } from '../command/session.js';
import { KubectlFailure } from '../failure.js';
import { endpoints, pods } from '../objects/kinds.js';
import { endpointsLines } from '../show/describe/endpoints.js';
import { annotationLines, described, pairLines } from '../show/describe/lines.js';
import { nodeLines } from '../show/describe/node.js';
import { podLines } from '../show/describe/pod.js';
import { serviceLines } from '../show/describe/service.js';

export const describe: Verb = {
  flags: [
    textFlag('selector', 'l'),
    textFlag('filename', 'f'),
    textFlag('kustomize', 'k'),
    plainFlag('all-namespaces', 'A'),
    plainFlag('recursive', 'R'),
    textFlag('chunk-size'),
    plainFlag('show-events'),
  ],
  async run(session) {
    const { options, io, namespace } = session;
    if (options.words.length === 0 && options.texts('filename').length === 0)
      throw new KubectlFailure(
        'error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list ' +
          'of supported resources.',
      );
    const found = await objectsOf(session);
    const texts = found.map(object => described(linesOf(session, object)));
    if (texts.length > 0) io.stdout(texts.join('\n\n'));
    else if (!session.hasReported()) io.stderr(`No resources found in ${namespace} namespace.\n`);
  },
};

/** Without names and without a selector, all objects of the kind are described. */
async function objectsOf(session: Session): Promise<readonly Found[]> {
  const { options, server, namespace } = session;
  const isNamed = options.texts('filename').length > 0 || options.text('selector') !== undefined;
  const asked = isNamed ? undefined : askedOf(options.words);
  if (asked?.is !== 'lists') return findObjects(session);
  return asked.kinds.flatMap(kind => server.list(kind, namespace).map(object => ({ kind, object })));
}

function linesOf({ server, namespace, now }: Session, { kind, object }: Found): readonly string[] {
  switch (kind.name) {
    case 'Service':
      return serviceLines(object, server.find(endpoints, namespace, object.metadata.name));
    case 'Endpoints':
      return endpointsLines(object);
    case 'Pod':
      return podLines(object);
    case 'Node':
      return nodeLines(object, server.list(pods, namespace), now);
    default:
      return [
        `Name:\t${object.metadata.name}`,
        ...pairLines('Labels', object.metadata.labels, '='),
        ...annotationLines(object.metadata.annotations),
      ];
  }
}
