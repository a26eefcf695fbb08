import type { Cluster } from '../cluster/cluster.js';
import { chainKey } from '../node/kinds/chain.js';
import { keyOf } from '../node/kinds/index.js';
import { wordsKey } from '../node/rule-words.js';
import { elementsOf } from '../node/state.js';
import { type Desired, setUsers } from '../proxy/desired.js';
import { knownPods } from './ask/known-pods.js';
import type { RuleWhy } from './trace/trace.js';
import type { Surroundings } from './walk/surroundings.js';

/**
 * Returns what the cluster and the desired state say about the node's surroundings and its rules.
 * @param nodeName this node
 */
export function knownSurroundings(cluster: Cluster, desired: Desired, nodeName: string): Surroundings {
  const vips = new Set(elementsOf(desired.state, 'address').map(({ address }) => address));
  const nodeNames = new Map(knownPods(cluster).map(pod => [pod.address, pod.nodeName]));
  return {
    othersHoldVips: true,
    isVip: address => vips.has(address),
    placeOf: address => {
      const name = nodeNames.get(address);
      return name === undefined ? undefined : name === nodeName ? 'here' : 'elsewhere';
    },
    whyOf: rulesWithReasons(desired),
  };
}

/** Returns the function that finds a desired rule by its table, chain and words, wherever it is in the chain. */
function rulesWithReasons(desired: Desired): Surroundings['whyOf'] {
  const usersOf = setUsers(desired);
  const known = new Map<string, RuleWhy>();
  for (const element of [...elementsOf(desired.state, 'chain'), ...elementsOf(desired.state, 'jumps')]) {
    const name = element.kind === 'chain' ? element.name : element.chain;
    const chain = chainKey({ family: element.family, table: element.table, name });
    const reasons = desired.reasons.ofRules(keyOf(element));
    element.rules.forEach((rule, index) => {
      const reason = reasons[index];
      if (reason === undefined) return;
      const servicePorts = [...new Set(reason.sets.flatMap(usersOf))];
      known.set(`${chain} ${wordsKey(rule)}`, { why: reason.why, servicePorts });
    });
  }
  return ({ family, table, chain }, argv) => known.get(`chain ${family} ${table} ${chain} ${wordsKey(argv)}`);
}

/**
 * Returns the surroundings in which the reasons of rules about sets name only this Service port, if it is among those that
 * need the rule: a cluster may have thousands of others.
 */
export const aboutServicePort = (given: Surroundings, servicePort: string | undefined): Surroundings => ({
  ...given,
  whyOf: (place, argv) => {
    const why = given.whyOf(place, argv);
    return servicePort !== undefined && why?.servicePorts.includes(servicePort)
      ? { ...why, servicePorts: [servicePort] }
      : why;
  },
});
