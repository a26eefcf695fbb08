import { KproxyError } from '../errors.js';
import type { Protocol } from '../net/protocol.js';
import type { Asked } from './ask/asked.js';
import { clientsFor } from './ask/clients.js';
import type { Source } from './ask/source.js';
import { type AskedTarget, targetsOf } from './ask/targets.js';
import type { World } from './ask/world.js';
import type { Cause, Client, Flow } from './explanation.js';
import { type Summary, summarize } from './trace/summarize.js';
import type { Trace } from './trace/trace.js';
import type { Question } from './walk/question.js';

/** What is asked, before targets and clients are known. */
export interface Inquiry {
  readonly asked: Asked;
  /** The only protocol, if the user chose one. */
  readonly protocol: Protocol | undefined;
  /** The only client, if the user chose one. */
  readonly client: Source | undefined;
  /** The namespace of a Pod without one. */
  readonly namespace: string;
  /** Follows a packet of a connection that conntrack knows. */
  readonly isEstablished: boolean;
}

/** What follows packets and finds causes. */
export interface Engine {
  trace(question: Question, asked: AskedTarget): Trace;
  causeOf(followed: Followed): Cause | undefined;
}

/** A packet that was followed. */
interface Followed {
  readonly asked: AskedTarget;
  readonly question: Question;
  readonly trace: Trace;
  readonly summary: Summary;
}

/**
 * Returns a flow for each kind of client at each target.
 * @throws KproxyError `service-missing`, `port-missing`, `pod-missing`, or `option-invalid` if there is no client
 */
export function explain(inquiry: Inquiry, world: World, engine: Engine): readonly Flow[] {
  const { asked, protocol, client, namespace } = inquiry;
  const targets = targetsOf(asked, world, protocol);
  const find = clientsFor(world, client, namespace);
  const flows = targets.flatMap(target => find(target).map(one => flowOf(target, one, inquiry, engine)));
  if (flows.length === 0) throw noClient(targets);
  return flows;
}

function flowOf(asked: AskedTarget, client: Client, { isEstablished }: Inquiry, engine: Engine): Flow {
  const { target, family, protocol } = asked;
  const destination = { address: target.address, port: target.port };
  const question: Question = { family, protocol, client, destination, isEstablished };
  const trace = engine.trace(question, asked);
  const summary = summarize(trace);
  const cause = engine.causeOf({ asked, question, trace, summary });
  const { verdict, clientSees, backends } = summary;
  return { target, client, family, protocol, verdict, clientSees, backends, cause, trace };
}

function noClient(targets: readonly AskedTarget[]): KproxyError {
  const families = [...new Set(targets.map(({ family }) => family))];
  return new KproxyError({
    code: 'option-invalid',
    message:
      families.length === 0
        ? 'the target has no address on this node'
        : `no client has an ${families.join(' or ')} address, as the target has`,
    advice: 'Choose another client with --source IP, pod/NAME, node or outside, or another target.',
  });
}
