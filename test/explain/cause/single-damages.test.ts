import { describe, expect, test } from 'vitest';
import { causeOf } from '../../../src/explain/cause/cause-of.js';
import type { Verdict } from '../../../src/explain/trace.js';
import { type ClientName, causeInput, clients, damagedNode, programmedText, vip } from '../support/damaged-node.js';

test.each(Object.keys(clients) as ClientName[])(
  'a client of a healthy node gets an answer and no cause: %s',
  async client => {
    const input = await causeInput(damagedNode(await programmedText()), client);
    expect(input.now.verdict).toBe('answered');
    expect(causeOf(input)).toBeUndefined();
  },
);

test('debug', async () => {
  console.log(await programmedText());
});
