import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readClusterWithKubectl } from '../../src/cluster/kubectl.js';
import { nodeQueries } from '../../src/cluster/node-queries.js';
import { createKubectl } from '../../src/cluster/run-kubectl.js';
import { useToolPath } from '../../src/run/tool-path.js';
import { builtProgram, programInPath } from '../kernel/support/control-plane.js';
import {
  completeAnswer,
  errorAnswer,
  type FakeApiServer,
  namedObject,
  type Reply,
  startFakeApiServer,
  statusObject,
} from '../support/fake-api-server/index.js';

const program = builtProgram('kubectl') ?? programInPath('kubectl');
const field = 'fieldSelector=spec.clusterIP%21%3DNone&';
const labels = 'labelSelector=%21service.kubernetes.io%2Fheadless%2C%21service.kubernetes.io%2Fservice-proxy-name';
/** kubectl sorts the parameters. */
const [selected, labelled] = [field, ''].map(first => `GET /api/v1/services?${first}${labels}&limit=2500`);
const serviceObject = { ...namedObject('web', '1'), spec: { clusterIP: '10.254.0.9', ports: [{ port: 80 }] } };
const list = completeAnswer(
  JSON.stringify({ kind: 'ServiceList', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: [serviceObject] }),
);

describe.skipIf(program === undefined)('a command that reads with the real kubectl', () => {
  let folder: string;
  let server: FakeApiServer;
  let script: Reply[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
    server = await startFakeApiServer(() => script.shift() ?? list);
    await writeFile(join(folder, 'kubeconfig'), server.kubeconfig);
    await symlink(program ?? '', join(folder, 'kubectl'));
    useToolPath([folder]);
  });
  afterEach(async () => {
    useToolPath([]);
    await server.close();
    await rm(folder, { recursive: true });
  });

  const readServices = async (...replies: readonly Reply[]) => {
    script = [...replies];
    const kubectl = createKubectl({ kubeconfig: join(folder, 'kubeconfig') });
    const { services } = await readClusterWithKubectl(kubectl, {
      kinds: ['Service'],
      selections: nodeQueries('worker'),
    });
    return services.map(({ metadata }) => metadata.name);
  };
  /** kubectl adds the time that it has. */
  const requests = () => server.requests.map(request => request.replace(/&timeout=\w+/, ''));

  test('asks an API server that wants a pause again', async () => {
    expect(await readServices(errorAnswer(429, 'later', 1))).toEqual(['web']);
    expect(requests()).toEqual([selected, selected]);
  });

  test('gives up if the API server does not say when to ask again', async () => {
    await expect(readServices(errorAnswer(429, 'never'))).rejects.toThrow('the API server is overloaded');
  });

  test('leaves out a field that an older API server does not know', async () => {
    const unknown = { ...statusObject(400, 'BadRequest'), message: 'field label not supported: spec.clusterIP' };
    expect(await readServices(errorAnswer(400, JSON.stringify(unknown)))).toEqual(['web']);
    expect(requests()).toEqual([selected, labelled]);
  });
});
