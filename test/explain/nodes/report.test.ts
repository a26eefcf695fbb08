import { test } from 'vitest';
import { type ClientName, causeInput, clients } from '../support/damaged-node.js';
import { programmedNode } from './support/programmed-node.js';
import { nodeNames, recordedNode } from './support/recorded-node.js';

test.each(nodeNames.flatMap(n => (['kproxy first', 'others first'] as const).map(o => [n, o] as const)))(
  '%s %s',
  async (name, order) => {
    const node = await programmedNode(recordedNode(name), order);
    for (const client of Object.keys(clients) as ClientName[]) {
      const { now } = await causeInput(node, client);
      let leaf: any = now.trace;
      while (leaf.end.kind === 'fork') leaf = leaf.end.branches[0].trace;
      console.log(
        '@@',
        name,
        order,
        client,
        now.verdict,
        now.backends.map(b => `${b.address}<${b.source}:${b.verdict}`).join(' '),
        now.verdict === 'answered' ? '' : JSON.stringify(leaf.end.blame ?? ''),
      );
    }
  },
);
