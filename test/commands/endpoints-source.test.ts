import { describe, expect, test } from 'vitest';
import type { Kubectl } from '../../src/cluster/kubectl-command.js';
import { runStatus } from '../../src/commands/status.js';
import { type FakeNode, fakeNode } from '../support/fake-node/index.js';
import { outcomeOf, readingOptions } from '../support/run-command.js';
import { sync } from '../support/run-sync.js';
import { endpointsObject, serviceObject } from '../support/sample-objects.js';
import { managed, selecting } from '../sync/endpoints-source/support/objects.js';
import { ipvsOf } from '../sync/support/programmed-node.js';

const resources: Readonly<Record<string, string>> = {
  services: 'Service',
  endpointslices: 'EndpointSlice',
  endpoints: 'Endpoints',
  nodes: 'Node',
};

interface NamedObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** Returns a kubectl that answers lists, except of the forbidden resource, and records which it was asked for. */
function kubectlFor(objects: readonly object[], forbidden = '') {
  const asked: string[] = [];
  const kubectl: Kubectl = async ([, , path = '']) => {
    const url = new URL(path, 'http://fake');
    const resource = url.pathname.split('/').at(-1) ?? '';
    const name = /^metadata\.name=(.*)$/.exec(url.searchParams.get('fieldSelector') ?? '')?.[1];
    asked.push(name === undefined ? resource : `${resource} ${name}`);
    if (resource === forbidden)
      return { exitCode: 1, stdout: '', stderr: `Error from server (Forbidden): ${resource} is forbidden: User "x"` };
    const kind = resources[resource];
    const items = (objects as readonly NamedObject[]).filter(
      object => object.kind === kind && (name === undefined || object.metadata.name === name),
    );
    return { exitCode: 0, stdout: JSON.stringify({ kind: `${kind}List`, apiVersion: 'v1', items }), stderr: '' };
  };
  return { kubectl, asked };
}

const web = selecting('web', '10.96.0.1');
const api = selecting('api', '10.96.0.2');
const own = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'inajob' } };
const other = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'inajob2' } };
const handMade = [endpointsObject('web', ['10.244.1.1']), endpointsObject('api', ['10.244.1.2'])];
const slices = [managed('web', ['10.244.1.1']), managed('api', ['10.244.1.2'])];
const realServers = (node: FakeNode) => ipvsOf(node).flatMap(line => /^-a .* -r (\S+):\d+ /.exec(line)?.[1] ?? []);
const status = (node: FakeNode, kubectl: Kubectl, output: 'text' | 'json') =>
  outcomeOf(io =>
    runStatus({ ...readingOptions, output, source: { from: [], namespace: undefined, kubectl } }, node, io),
  );

describe('one command reads', () => {
  test('no Endpoints objects in a cluster whose controllers make EndpointSlices, and only its own Node', async () => {
    const { kubectl, asked } = kubectlFor([web, api, own, other, ...handMade, ...slices], 'endpoints');
    const node = fakeNode();
    expect(await sync(node, { kubectl })).toMatchObject({ stderr: '', exitCode: 0 });
    expect(asked.sort()).toEqual(['endpointslices', 'nodes inajob', 'services']);
    expect(realServers(node)).toEqual(['10.244.1.1', '10.244.1.2']);
    const shown = await status(node, kubectl, 'text');
    expect(shown.stdout).toMatch(/\n\nendpoints: from EndpointSlices\n$/);
    expect(JSON.parse((await status(node, kubectl, 'json')).stdout)).toMatchObject({
      endpointsSource: 'slices',
      inSync: true,
    });
  });

  test('Endpoints objects where no controller makes EndpointSlices, or has just begun to', async () => {
    const none = kubectlFor([web, api, own, ...handMade]);
    const node = fakeNode();
    expect(await sync(node, { kubectl: none.kubectl })).toMatchObject({ stderr: '', exitCode: 0 });
    expect(realServers(node)).toEqual(['10.244.1.1', '10.244.1.2']);
    const shown = await status(node, none.kubectl, 'text');
    expect(shown.stdout).toContain(
      'endpoints: from Endpoints objects, because no controller makes EndpointSlices here\n',
    );
    const one = kubectlFor([web, api, own, ...handMade, managed('web', ['10.244.1.1'])]);
    expect((await sync(node, { kubectl: one.kubectl })).stdout).toBe('node inajob: in sync, nothing changed\n');
    expect(JSON.parse((await status(node, one.kubectl, 'json')).stdout)).toMatchObject({ endpointsSource: 'both' });
  });

  test('no Endpoints objects if they are forbidden: Services that depend on them keep what they have', async () => {
    const node = fakeNode();
    await sync(node, { kubectl: kubectlFor([web, api, own, ...handMade]).kubectl });
    const late = serviceObject('late', '10.96.0.3');
    const objects = [web, api, late, own, managed('web', ['10.244.1.9'], 'staff')];
    const { stderr, exitCode } = await sync(node, { kubectl: kubectlFor(objects, 'endpoints').kubectl });
    expect({ stderr, exitCode }).toEqual({
      stderr: 'endpoints may not be read with these credentials; going on without them\n',
      exitCode: 0,
    });
    expect(realServers(node)).toEqual(['10.244.1.9', '10.244.1.2']);
    expect(node.kernel.servers.has('TCP 10.96.0.3:80')).toBe(true);
    const forbidden = kubectlFor(objects, 'endpoints').kubectl;
    expect((await status(node, forbidden, 'text')).stdout).toContain(
      '\nendpoints: from Endpoints objects, because no controller makes EndpointSlices here\n' +
        'Endpoints objects may not be read with these credentials: Services without EndpointSlices keep what they ' +
        'have.\n',
    );
    expect(JSON.parse((await status(node, forbidden, 'json')).stdout)).toMatchObject({
      endpointsSource: 'endpoints',
      endpointsForbidden: true,
    });
  });
});

describe('a node without a Node in the cluster', () => {
  test('is refused, with the similar names of one more list', async () => {
    const { kubectl, asked } = kubectlFor([web, other, ...handMade]);
    const { exitCode, error } = await sync(fakeNode(), { kubectl });
    expect([exitCode, error?.message]).toEqual([3, 'the cluster has no Node named "inajob": similar is inajob2']);
    expect(asked.slice(-1)).toEqual(['nodes']);
  });

  test('is not refused if the cluster has no Nodes, or they are forbidden', async () => {
    expect(await sync(fakeNode(), { kubectl: kubectlFor([web, ...handMade]).kubectl })).toMatchObject({
      stderr: '',
      exitCode: 0,
    });
    expect(await sync(fakeNode(), { kubectl: kubectlFor([web, ...handMade], 'nodes').kubectl })).toMatchObject({
      stderr: 'nodes may not be read with these credentials; going on without them\n',
      exitCode: 0,
    });
  });
});
