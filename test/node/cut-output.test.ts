import { expect, test } from 'vitest';
import { parseIpsetSave } from '../../src/node/tools/ipset-save.js';
import { parseIpvsadmSave } from '../../src/node/tools/ipvsadm-save.js';
import { collected } from '../support/collected.js';

/** Without its last letters each would still be something: an entry of port 8, a real server that is routed to. */
test.each([
  [
    'ipset save',
    (text: string) => collected(collector => parseIpsetSave(text, collector)),
    'add KUBE-CLUSTER-IP 10.96.0.7,tcp:80\n',
  ],
  ['ipvsadm -S', parseIpvsadmSave, '-a -t 10.96.0.7:80 -r 10.244.1.3:8080 -m -w 1\n'],
] as const)('%s: a text that was cut off is no reading', (_, parse, text) => {
  expect(parse(text)).toHaveLength(1);
  for (let length = 1; length < text.length; length += 1)
    expect(() => parse(text.slice(0, length))).toThrow(SyntaxError);
});
