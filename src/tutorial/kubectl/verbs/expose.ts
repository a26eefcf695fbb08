import { type Found, findObjects } from '../command/find-objects.js';
import { textFlag } from '../command/flags.js';
import type { Session, Verb } from '../command/session.js';
import { KubectlFailure } from '../failure.js';
import { services } from '../objects/kinds.js';
import { fieldOf, type KubeObject, listOf, type Mapping, mappingOf } from '../objects/object.js';
import { dryRunOf, writeFlags, writtenPrinter } from './written.js';

export const expose: Verb = {
  flags: [
    ...writeFlags,
    ...['port', 'target-port', 'name', 'type', 'protocol', 'cluster-ip', 'external-ip', 'session-affinity'].map(name =>
      textFlag(name),
    ),
    textFlag('selector'),
    textFlag('labels', 'l'),
  ],
  async run(session) {
    const { server, io, report } = session;
    const { options } = session;
    // The flag names the new Service's selector, and not the objects to expose.
    const found = await findObjects({
      ...session,
      options: { ...options, text: name => (name === 'selector' ? undefined : options.text(name)) },
    });
    for (const exposed of found)
      try {
        const object = server.create(services, serviceFor(session, exposed), {
          isDryRun: dryRunOf(session) !== 'none',
        });
        io.stdout(writtenPrinter(session)({ kind: services, object, outcome: 'exposed' }));
      } catch (error) {
        report(error);
      }
  },
};

function serviceFor({ options, namespace }: Session, exposed: Found): KubeObject {
  const selector = selectorFor(exposed, options.text('selector'));
  const externalIP = options.text('external-ip');
  const labels = options.text('labels');
  const { name, labels: own } = exposed.object.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: options.text('name') ?? name,
      namespace,
      ...(labels === undefined ? own && { labels: own } : { labels: pairsOf(labels) }),
    },
    spec: {
      selector,
      ports: portsFor(exposed, options.text('port'), options.text('target-port'), options.text('protocol') ?? 'TCP'),
      ...optional('type', options.text('type')),
      ...optional('clusterIP', options.text('cluster-ip')),
      ...optional('sessionAffinity', options.text('session-affinity')),
      ...(externalIP === undefined ? {} : { externalIPs: [externalIP] }),
    },
  };
}

const optional = (field: string, text: string | undefined): Mapping => (text === undefined ? {} : { [field]: text });

const pairsOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(text.split(',').map(pair => [pair.replace(/=.*/s, ''), pair.replace(/^[^=]*=?/s, '')]));

function selectorFor({ kind, object }: Found, given: string | undefined): Mapping {
  if (given !== undefined) return pairsOf(given);
  if (kind.name !== 'Pod' && kind.name !== 'Service') throw new KubectlFailure(`error: cannot expose a ${kind.name}`);
  const selector = kind.name === 'Pod' ? object.metadata.labels : mappingOf(object.spec?.selector);
  if (selector === undefined || Object.keys(selector).length === 0)
    throw new KubectlFailure(
      `error: couldn't retrieve selectors via --selector flag or introspection: the ${kind.singular} has no ` +
        `${kind.name === 'Pod' ? 'labels' : 'pod selector set'} and cannot be exposed`,
    );
  return selector;
}

function portsFor(
  { kind, object }: Found,
  port: string | undefined,
  target: string | undefined,
  protocol: string,
): readonly Mapping[] {
  const own =
    kind.name === 'Pod'
      ? containerPorts(object)
      : listOf(object.spec?.ports).map(item => Number(fieldOf(item, 'port')));
  const ports = port === undefined ? own : port.split(',').map(Number);
  if (ports.length === 0)
    throw new KubectlFailure(
      "error: couldn't find port via --port flag or introspection\nSee 'kubectl expose -h' for help and examples",
    );
  return ports.map((number, index) => ({
    ...(ports.length > 1 ? { name: `port-${index + 1}` } : {}),
    port: number,
    protocol,
    targetPort: targetOf(target, number),
  }));
}

const targetOf = (target: string | undefined, port: number): number | string =>
  target === undefined ? port : /^\d+$/.test(target) ? Number(target) : target;

const containerPorts = ({ spec }: KubeObject): readonly number[] =>
  listOf(spec?.containers).flatMap(container =>
    listOf(fieldOf(container, 'ports')).map(port => Number(fieldOf(port, 'containerPort'))),
  );
