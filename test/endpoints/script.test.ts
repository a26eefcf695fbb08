import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readClusterFiles } from '../../src/cluster/files.js';
import { reconcileEndpoints } from '../../src/endpoints/reconcile-endpoints.js';
import { indexPods } from '../../src/endpoints/pod-index.js';
import { endpointsScript } from '../../src/endpoints/script.js';
import { manifestText, writeOf } from '../../src/endpoints/write.js';
import { endpoints, listOf, pod, service } from '../cluster/objects-for-tests.js';

async function writesFor(...objects: readonly object[]) {
  const cluster = await readClusterFiles(['-'], async () => JSON.stringify(listOf(...objects)));
  return cluster.services.flatMap(one => {
    const existing = cluster.endpoints.find(({ metadata }) => metadata.name === one.metadata.name);
    const verdict = reconcileEndpoints(one, indexPods(cluster.pods), existing);
    return verdict.is === 'changed' ? [writeOf(verdict)] : [];
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

/** Runs the script with a kubectl that notes its arguments and its stdin. */
function runScript(script: string): {
  readonly status: number | null;
  readonly stderr: string;
  readonly noted: readonly string[];
} {
  const kubectl = join(folder, 'kubectl');
  writeFileSync(kubectl, `#!/bin/sh\nprintf '%s\\n' "$*" >> ${folder}/noted\ncat >> ${folder}/noted\n`);
  chmodSync(kubectl, 0o755);
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const { status, stderr } = spawnSync('sh', ['-eu'], { input: script, encoding: 'utf8', env });
  return { status, stderr, noted: readFileSync(join(folder, 'noted'), 'utf8').trimEnd().split('\n') };
}

describe('the script of the master', () => {
  test('is the chapter’s command, with what the chapter leaves out', async () => {
    const script = endpointsScript(await writesFor(web, ...pods), []);
    const wanted = [
      'web-service has no Endpoints object yet: app=web selects 2 addresses, 2 ready.',
      'kubectl apply -f - <<',
    ];
    for (const text of wanted) expect(script).toContain(text);
    const lines = script.slice(script.indexOf('apiVersion'), script.lastIndexOf('EOF')).split('\n');
    const chapter = [
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
    for (const line of chapter) expect(lines).toContain(line);
  });

  test('does under sh what kproxy does: the same arguments, the same stdin', async () => {
    const writes = await writesFor(web, service('api', { selector: { app: 'web' } }), ...pods);
    const { status, stderr, noted } = runScript(endpointsScript(writes, ['--context', "it's"]));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const expected = writes.map(write => `--context it's apply -f -\n${manifestText(write)}`).join('');
    expect(`${noted.join('\n')}\n`).toBe(expected);
  });

  test('carries hostile texts to kubectl unchanged and runs none of them', async () => {
    const hostile = { app: 'web\nEOF\ntouch /tmp/x', 'a b': '$(id)' };
    const script = endpointsScript(
      await writesFor(
        service('web', { selector: hostile }, { labels: hostile }),
        pod('a', '10.0.0.1', { labels: hostile }),
      ),
      [],
    );
    const { status, noted } = runScript(script);
    expect(status).toBe(0);
    expect(noted.filter(line => line.startsWith('apply'))).toEqual(['apply -f -']);
    expect(noted).toContain('    app: "web\\nEOF\\ntouch /tmp/x"');
    expect(script.split('\n').filter(line => line.startsWith('touch') || line === 'EOF')).toEqual(['EOF']);
  });

  test.each([
    [
      'what comes and goes',
      [{ addresses: [{ ip: '10.244.2.2' }, { ip: '10.9.9.9' }], ports: [{ port: 8080 }] }],
      'comes: 10.244.1.3; goes: 10.9.9.9.',
    ],
    [
      'what turned ready',
      [{ notReadyAddresses: [{ ip: '10.244.2.2' }], addresses: [{ ip: '10.244.1.3' }], ports: [{ port: 8080 }] }],
      'is ready now: 10.244.2.2.',
    ],
    [
      'that something else differs',
      [{ addresses: [{ ip: '10.244.1.3' }, { ip: '10.244.2.2' }], ports: [{ port: 1 }] }],
      'labels, ports or the Pods behind the addresses differ.',
    ],
  ])('says %s', async (_, subsets, reason) => {
    const script = endpointsScript(await writesFor(web, ...pods, endpoints('web-service', subsets)), []);
    expect(script).toContain(`# web-service's Endpoints object is out of date: ${reason}\n`);
  });

  test('says that there is nothing to write', async () => {
    expect(endpointsScript([], [])).toBe(
      '#!/bin/sh\n# The Endpoints objects that differ from what the Services select: none.\nset -eu\n',
    );
  });
});
