import { expect, test } from 'vitest';
import { parseIpsetSave } from '../../src/node/tools/ipset-save.js';
import { parseIpvsadmSave } from '../../src/node/tools/ipvsadm-save.js';

/** Cut off, each line would still have a meaning: an entry of port 8, a real server with another forwarding method. */
test.each([
  ['ipset save', parseIpsetSave, 'add KUBE-CLUSTER-IP 10.96.0.7,tcp:80\n'],
  ['ipvsadm -S', parseIpvsadmSave, '-a -t 10.96.0.7:80 -r 10.244.1.3:8080 -m -w 1\n'],
] as const)('the parser of %s refuses a text that was cut off', (_, parse, text) => {
  expect([...parse(text)]).toHaveLength(1);
  for (let length = 1; length < text.length; length += 1)
    expect(() => [...parse(text.slice(0, length))]).toThrow(SyntaxError);
});
