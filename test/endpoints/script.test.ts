import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readClusterFiles } from '../../src/cluster/files.js';
import { indexPods } from '../../src/endpoints/pod-index.js';
import { reconcileEndpoints } from '../../src/endpoints/reconcile-endpoints.js';
import { endpointsScript } from '../../src/endpoints/script.js';
import { manifestText, writeOf } from '../../src/endpoints/write.js';
import { endpoints, listOf, pod, service } from '../cluster/objects-for-tests.js';

async function writesFor(...objects: readonly object[]) {
  const cluster = await readClusterFiles(['-'], async () => JSON.stringify(listOf(...objects)));
  return cluster.services.flatMap(one => {
    const existing = cluster.endpoints.find(({ metadata }) => metadata.name === one.metadata.name);
    const decision = reconcileEndpoints(one, indexPods(cluster.pods), existing);
    return decision.outcome === 'changed' ? [writeOf(decision)] : [];
  });
}

const onNode = (nodeName: string) => ({ spec: { nodeName } });
const web = service('web-service', { selector: { app: 'web' } });
const pods = [pod('web-1', '10.244.2.2', onNode('yuanying')), pod('web-2', '10.244.1.3', onNode('inajob'))];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-script-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the script with a kubectl that records its arguments and its stdin. */
function runScript(script: string): {
  readonly status: number | null;
  readonly stderr: string;
  readonly record: readonly string[];
} {
  const kubectl = join(folder, 'kubectl');
  writeFileSync(kubectl, `#!/bin/sh\nprintf '%s\\n' "$*" >> ${folder}/record\ncat >> ${folder}/record\n`);
  chmodSync(kubectl, 0o755);
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const { status, stderr } = spawnSync('sh', ['-eu'], { input: script, encoding: 'utf8', env });
  return { status, stderr, record: readFileSync(join(folder, 'record'), 'utf8').trimEnd().split('\n') };
}

describe('the script for the master', () => {
  test('is the tutorial’s command, with a reason and all fields', async () => {
    const script = endpointsScript(await writesFor(web, ...pods), []);
    const texts = [
      'web-service has no Endpoints object yet: app=web selects 2 addresses, 2 ready.',
      'kubectl apply -f - <<',
    ];
    for (const text of texts) expect(script).toContain(text);
    const lines = script.slice(script.indexOf('apiVersion'), script.lastIndexOf('EOF')).split('\n');
    const tutorialLines = [
      'apiVersion: v1',
      'kind: Endpoints',
      'metadata:',
      '  name: web-service',
      'subsets:',
      '- addresses:',
      '  - ip: 10.244.2.2',
      '    nodeName: yuanying',
      '  - ip: 10.244.1.3',
      '    nodeName: inajob',
      '  ports:',
      '  - port: 8080',
      '    protocol: TCP',
    ];
    for (const line of tutorialLines) expect(lines).toContain(line);
  });

  test('runs kubectl with the same arguments and stdin as kproxy does', async () => {
    const writes = await writesFor(web, service('api', { selector: { app: 'web' } }), ...pods);
    const { status, stderr, record } = runScript(endpointsScript(writes, ['--context', "it's"]));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const expected = writes.map(write => `--context it's apply -f -\n${manifestText(write)}`).join('');
    expect(`${record.join('\n')}\n`).toBe(expected);
  });

  test('passes hostile texts to kubectl unchanged and runs none of them', async () => {
    const hostile = { app: 'web\nEOF\ntouch /tmp/x', 'a b': '$(id)' };
    const script = endpointsScript(
      await writesFor(
        service('web', { selector: hostile }, { labels: hostile }),
        pod('a', '10.0.0.1', { labels: hostile }),
      ),
      [],
    );
    const { status, record } = runScript(script);
    expect(status).toBe(0);
    expect(record.filter(line => line.startsWith('apply'))).toEqual(['apply -f -']);
    expect(record).toContain('    app: "web\\nEOF\\ntouch /tmp/x"');
    expect(script.split('\n').filter(line => line.startsWith('touch') || line === 'EOF')).toEqual(['EOF']);
  });

  test.each([
    [
      'which addresses are missing or no longer selected',
      [{ addresses: [{ ip: '10.244.2.2' }, { ip: '10.9.9.9' }], ports: [{ port: 8080 }] }],
      'missing: 10.244.1.3; no longer selected: 10.9.9.9.',
    ],
    [
      'which addresses became ready',
      [{ notReadyAddresses: [{ ip: '10.244.2.2' }], addresses: [{ ip: '10.244.1.3' }], ports: [{ port: 8080 }] }],
      'now ready: 10.244.2.2.',
    ],
    [
      'that something other than the addresses differs',
      [{ addresses: [{ ip: '10.244.1.3' }, { ip: '10.244.2.2' }], ports: [{ port: 1 }] }],
      'labels, ports or the Pods behind the addresses differ.',
    ],
  ])('says %s', async (_, subsets, reason) => {
    const script = endpointsScript(await writesFor(web, ...pods, endpoints('web-service', subsets)), []);
    expect(script).toContain(`# web-service's Endpoints object is out of date: ${reason}\n`);
  });

  test('says if there is nothing to write', async () => {
    expect(endpointsScript([], [])).toBe(
      '#!/bin/sh\n# Every Endpoints object is up to date: there is nothing to write.\nset -eu\n',
    );
  });
});
