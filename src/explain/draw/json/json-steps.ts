import { addressAndPort } from '../../../net/address.js';
import type { Ends } from '../../trace/packet.js';
import type { Branch, RuleStep, Step, Trace } from '../../trace/trace.js';
import { alikeBranches } from '../alike.js';
import { blameJson, type Json, type JsonObject } from './json-blame.js';

/**
 * Returns the steps in order. The last one is the end, or a fork with the steps of each branch. Backends that are treated
 * alike share a branch: a Service may have a thousand of them.
 */
export function stepsJson({ steps, end }: Trace): readonly Json[] {
  const last: JsonObject =
    end.kind === 'fork'
      ? {
          kind: 'fork',
          by: end.by,
          branches: alikeBranches(end.branches).map(([first, ...others]) => ({
            ...choiceJson(first),
            steps: stepsJson(first.trace),
            alike: others.map(choiceJson),
          })),
        }
      : {
          kind: 'end',
          verdict: end.verdict,
          clientSees: end.clientSees,
          seenSource: end.seenSource ?? null,
          server: end.server === undefined ? null : { ...end.server },
          blame: end.blame === undefined ? null : blameJson(end.blame),
        };
  return [...steps.map(stepJson), last];
}

const choiceJson = ({ label, share, backend }: Branch): JsonObject => ({
  label,
  share: share ?? null,
  backend: backend === undefined ? null : { ...backend },
});

const endsJson = ({ source, sourcePort, destination, destinationPort }: Ends): JsonObject => ({
  source,
  sourcePort: sourcePort ?? null,
  destination,
  destinationPort: destinationPort ?? null,
});

type StepFields = { readonly [Kind in Step['kind']]: (step: Extract<Step, { kind: Kind }>) => JsonObject };

const stepFields: StepFields = {
  arrival: ({ text, device, bridgePort }) => ({ text, device: device ?? null, bridgePort: bridgePort ?? null }),
  table: ({ hook, table, before, markBefore, markAfter, result, policy, rules }) => ({
    hook,
    table,
    before: endsJson(before),
    markBefore,
    markAfter,
    result,
    policy: policy ?? null,
    rules: rules.map(ruleJson),
  }),
  routing: ({ text, isLocal, device, gateway }) => ({
    text,
    isLocal,
    device: device ?? null,
    gateway: gateway ?? null,
  }),
  ipvs: ({ text, before, does, server, scheduler, persistenceSeconds, candidates }) => ({
    text,
    before: endsJson(before),
    does,
    server: server === undefined ? null : addressAndPort(server.address, server.port),
    scheduler: scheduler ?? null,
    persistenceSeconds: persistenceSeconds ?? null,
    candidates: candidates.map(candidate => ({ ...candidate })),
  }),
  conntrack: ({ text, before }) => ({ text, before: endsJson(before) }),
  delivery: ({ text, to }) => ({ text, to }),
};

const stepJson = (step: Step): JsonObject => ({
  kind: step.kind,
  way: step.way,
  ends: endsJson(step.ends),
  ...(stepFields[step.kind] as (step: Step) => JsonObject)(step),
});

const ruleJson = ({ family, table, chain, number, depth, argv, matched, ...rule }: RuleStep): JsonObject => ({
  family,
  table,
  chain,
  number,
  depth,
  argv,
  matched,
  failed: rule.failed ?? null,
  because: rule.because === undefined ? null : becauseJson(rule.because),
  effect: rule.effect ?? null,
  packets: rule.packets ?? null,
  why: rule.why?.why ?? null,
  servicePorts: rule.why?.servicePorts ?? [],
});

const becauseJson = ({ set, entry, looked, near, text }: NonNullable<RuleStep['because']>): JsonObject => ({
  set: set ?? null,
  entry: entry ?? null,
  looked: looked ?? null,
  near: near ?? null,
  text: text ?? null,
});
