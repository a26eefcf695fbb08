import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { apiServerAddresses } from '../../src/cluster/api-servers.js';

async function addressesIn(text: string): Promise<readonly string[]> {
  const kubeconfig = join(mkdtempSync(join(tmpdir(), 'kproxy-test-')), 'kubeconfig');
  writeFileSync(kubeconfig, text);
  return (await apiServerAddresses({ kubeconfig } as Parameters<typeof apiServerAddresses>[0])).map(
    ({ address, port }) => `${address} ${port}`,
  );
}

test.each([
  ['a plain field', 'clusters:\n- cluster:\n    server: https://10.0.0.1:6443\n', ['10.0.0.1 6443']],
  ['JSON', '{"clusters":[{"cluster":{"server":"https://10.0.0.1"}}]}', ['10.0.0.1 443']],
  ['another case', 'server: HTTPS://10.0.0.1:6443\n', ['10.0.0.1 6443']],
  ['a literal block', 'server: |-\n      https://10.0.0.1:6443\n', ['10.0.0.1 6443']],
  ['a folded block', 'server: >\n      https://10.0.0.1:6443\n', ['10.0.0.1 6443']],
  ['IPv6', 'server: "https://[fd00::1]:6443"\n', ['fd00::1 6443']],
  ['a proxy', 'server: https://10.0.0.1:6443\nproxy-url: socks5://10.0.0.9\n', ['10.0.0.1 6443', '10.0.0.9 1080']],
  ['other fields', 'tls-server-name: https://10.0.0.1\nname: server\n', []],
])('the addresses of the API server are those of %s', async (_, text, expected) => {
  expect(await addressesIn(text)).toEqual(expected);
});
