import { expect, test } from 'vitest';
import { engineOn } from '../../../src/explain/engine.js';
import { explain } from '../../../src/explain/explain.js';
import { actualState } from '../../../src/node/actual-state.js';
import { readNode } from '../../../src/node/read.js';
import { diff } from '../../../src/plan/diff.js';
import { tutorialProxy } from '../../support/run-sync.js';
import { reconciliationOn } from '../../support/synced-node.js';
import { damagedNode, programmedText, tutorial } from '../support/damaged-node.js';

/** Returns the client and the cause of each flow to the tutorial's Service. */
async function causesOf(text: string): Promise<readonly (readonly [client: string, cause: string | undefined])[]> {
  const { node, datapath } = damagedNode(text);
  const { facts, findings } = await readNode(node);
  const { desired, isOwn } = await reconciliationOn(node, tutorial, tutorialProxy);
  const world = { cluster: tutorial, proxy: tutorialProxy, facts, datapath };
  const changes = diff(actualState(findings), desired.state, isOwn);
  const flows = explain(
    {
      asked: { kind: 'service', namespace: 'default', name: 'web-service', port: undefined },
      ...{ protocol: undefined, client: undefined, namespace: 'default', isEstablished: false },
    },
    world,
    engineOn(world, { desired, changes, style: { sudo: false, iptables: 'default' } }),
  );
  return flows.map(({ client, cause }) => [client.kind, cause?.summary]);
}

test('each kind of client has the cause of its own flow', async () => {
  const text = await programmedText();
  expect((await causesOf(text)).every(([, cause]) => cause === undefined)).toBe(true);
  const damaged = text.split('\n').filter(line => !line.includes('-A KUBE-MARK-MASQ'));
  const missing = 'Rule 1 of KUBE-MARK-MASQ in iptables -t nat is missing (-j MARK --set-xmark 0x4000/0x4000).';
  expect(Object.fromEntries(await causesOf(damaged.join('\n')))).toMatchObject({
    pod: undefined,
    backend: undefined,
    node: missing,
    outside: missing,
  });
});
