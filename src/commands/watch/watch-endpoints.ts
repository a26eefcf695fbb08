import { currentNamespace } from '../../cluster/context.js';
import type { ClusterKind } from '../../cluster/kinds.js';
import { createKubectl, type KubectlFlags } from '../../cluster/run-kubectl.js';
import { defaultTiming } from '../../sync/loop.js';
import type { Io } from '../shared/io.js';
import type { CommandOutcome } from '../shared/outcome.js';
import { writingTo } from '../shared/writing-to.js';
import { createFollower } from './follow.js';
import { keepEndpoints } from './keep-endpoints.js';
import { type LogSetting, logOf, untilTerminated } from './staying.js';

export interface WatchEndpointsSetting extends LogSetting {
  /** Names of Services; empty means all. */
  readonly services: readonly string[];
  readonly from: readonly string[];
  readonly namespace: string | undefined;
  readonly allNamespaces: boolean;
  readonly kubectlFlags: KubectlFlags;
}

const kinds: readonly ClusterKind[] = ['Service', 'Pod', 'Endpoints'];
/** Pods become ready one by one. A Service with many is written once. */
const debounceMilliseconds = 100;

/** Follows Services and Pods and writes their Endpoints objects until SIGTERM or SIGINT. */
export async function watchEndpoints(setting: WatchEndpointsSetting, io: Io): Promise<CommandOutcome> {
  const { services, from, kubectlFlags } = setting;
  const log = logOf(setting, io);
  const kubectl = createKubectl(kubectlFlags);
  const namespace = setting.allNamespaces
    ? undefined
    : (setting.namespace ?? (from.length > 0 ? 'default' : await currentNamespace(kubectl)));
  if (from.length > 0) log.info(await writingTo({ context: kubectlFlags.context, kubectl }));
  const follow = createFollower({ kinds, optional: [], namespace, from, kubectl: kubectlFlags, io });
  const options = { services, namespace, kubectl, follow, timing: { ...defaultTiming, debounceMilliseconds } };
  return keepEndpoints(options, log, untilTerminated());
}
