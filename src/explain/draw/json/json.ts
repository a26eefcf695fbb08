import { addressAndPort } from '../../../net/address.js';
import { protocolNames } from '../../../net/protocol.js';
import { visibleText } from '../../../visible.js';
import type { Cause, Explanation, Flow } from '../../explanation.js';
import type { BackendResult } from '../../trace/summarize.js';
import { blameJson, type JsonObject } from './json-blame.js';
import { stepsJson } from './json-steps.js';

/**
 * Returns an explanation as a JSON document, ending with a line break. It is a contract for tests of other projects:
 * the README of `explain` has all fields. Fields may be added, and none changes without a higher `version`. Control
 * characters are escaped, also those that JSON allows.
 */
export const explanationJson = (explanation: Explanation): string =>
  `${visibleText(JSON.stringify(explanationDocument(explanation), null, 2))}\n`;

/** Returns the document that `explanationJson` prints. */
const explanationDocument = ({ node, basis, asked, isEstablished = false, flows }: Explanation): JsonObject => ({
  version: 1,
  node,
  basis: basis.kind,
  takenAt: basis.kind === 'snapshot' ? basis.takenAt : null,
  established: isEstablished,
  asked,
  flows: flows.map(flowJson),
});

const flowJson = ({ target, client, family, protocol, probe, ...flow }: Flow): JsonObject => ({
  target: addressAndPort(target.address, target.port),
  targetKind: target.kind,
  servicePort: target.servicePort ?? null,
  family,
  protocol: protocolNames[protocol],
  client: client.label,
  clientKind: client.kind,
  clientAddress: client.address ?? null,
  verdict: flow.verdict,
  clientSees: flow.clientSees,
  backends: flow.backends.map(backendJson),
  cause: flow.cause === undefined ? null : causeJson(flow.cause),
  probe: probe === undefined ? null : { verdict: probe.verdict, text: probe.text, agrees: probe.agrees },
  steps: stepsJson(flow.trace),
});

const backendJson = ({ address, port, place, source, verdict, clientSees, share }: BackendResult): JsonObject => ({
  address,
  port,
  place,
  source: source ?? null,
  verdict,
  clientSees,
  share: share ?? null,
});

const causeJson = ({ summary, why, blame, commands, nearMisses }: Cause): JsonObject => ({
  summary,
  why: why ?? null,
  ...blameJson(blame),
  commands,
  nearMisses,
});
