import { type ClusterKind, clusterKinds } from '../../../src/cluster/kinds.js';
import type { ApiServer } from '../../../src/cluster/watch/api-server.js';
import { errorAnswer, openAnswer, type Reply } from './answer.js';
import { statusObject } from './texts.js';

export interface ScriptedApi extends ApiServer {
  /** The requested paths, in order. */
  readonly paths: readonly string[];
  /** Returns true after the last reply of each script was used. */
  isFinished(): boolean;
}

/** Puts an API server without streaming lists before another. Its refusals are not recorded. */
export const withoutStreamingLists = <Api extends ApiServer>(api: Api): Api => ({
  ...api,
  get: (path, signal) =>
    path.includes('sendInitialEvents=true')
      ? errorAnswer(422, JSON.stringify(statusObject(422, 'Invalid')))(signal)
      : api.get(path, signal),
});

/**
 * Creates a fake API server in this process. The requests for each kind get the replies of its script in order; further
 * requests stay open.
 */
export function scriptedApi(scripts: Partial<Record<ClusterKind, readonly Reply[]>>): ScriptedApi {
  const paths: string[] = [];
  const replies = new Map(Object.entries(scripts).map(([kind, script]) => [kind as ClusterKind, [...script]]));
  return {
    paths,
    get(path, signal) {
      paths.push(path);
      const kind = [...replies.keys()].find(name => path.split('?')[0]?.endsWith(`/${clusterKinds[name].resource}`));
      if (kind === undefined) throw new Error(`the script has no kind for ${path}`);
      const reply = replies.get(kind)?.shift() ?? openAnswer();
      return reply(signal);
    },
    close: async () => {},
    isFinished: () => [...replies.values()].every(script => script.length === 0),
  };
}
