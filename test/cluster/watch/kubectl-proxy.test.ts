import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { acceptedPaths } from '../../../src/cluster/watch/accept-paths.js';
import type { ApiServer } from '../../../src/cluster/watch/api-server.js';
import { followCluster } from '../../../src/cluster/watch/feed.js';
import { openKubectlProxy } from '../../../src/cluster/watch/kubectl-proxy.js';
import { KproxyError } from '../../../src/errors.js';
import { removeStaleFolders } from '../../../src/run/stale-folders.js';
import { chosenFolders, useToolPath } from '../../../src/run/tool-path.js';
import {
  brokenAnswer,
  completeAnswer,
  errorAnswer,
  eventLine,
  type FakeApiServer,
  listText,
  namedObject,
  openAnswer,
  type Reply,
  startFakeApiServer,
  streamText,
} from '../../support/fake-api-server/index.js';
import { limitOpenFiles } from '../../support/limit-open-files.js';
import { short } from './play.js';

const fakeKubectl = fileURLToPath(new URL('fake-kubectl.mjs', import.meta.url));
const signal = () => new AbortController().signal;
const services = '/api/v1/services';
const open: ApiServer[] = [];
let temporary: string;
let server: FakeApiServer;
/** Chooses the fake API server's replies. Tests replace it. */
let reply: (path: string) => Reply;

async function textOf(body: AsyncIterable<string | Buffer>): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of body) chunks.push(String(chunk));
  return chunks.join('');
}

/** Returns the first of the paths that is a program. */
function findProgram(...paths: readonly string[]): string | undefined {
  return paths.find(path => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
const inPath = (name: string) => (process.env.PATH ?? '').split(':').map(folder => join(folder, name));
const cache =
  process.env.KPROXY_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? homedir(), '.cache'), 'kproxy');
const realKubectl = findProgram(join(cache, 'kubernetes-v1.37.2', 'kubectl'), ...inPath('kubectl'));
const setpriv = findProgram(...inPath('setpriv'));

function useKubectl(program: string): void {
  const programs = join(temporary, 'bin');
  mkdirSync(programs);
  symlinkSync(program, join(programs, 'kubectl'));
  useToolPath([programs, dirname(process.execPath)]);
}

const noTrouble = (line: string) => {
  throw new Error(line);
};
const openProxy = async (
  kinds: Parameters<typeof openKubectlProxy>[0]['kinds'] = ['Service'],
  writesEvents = false,
) => {
  const api = await openKubectlProxy(
    { folder: temporary, kubeconfig: join(temporary, 'kubeconfig'), kinds, writesEvents },
    noTrouble,
  );
  open.push(api);
  return api;
};
const starts = async (): Promise<readonly { pid: number; argv: readonly string[] }[]> =>
  (await readFile(join(temporary, 'starts'), 'utf8'))
    .trim()
    .split('\n')
    .map(text => JSON.parse(text));
const folders = () => readdirSync(temporary).filter(name => name.startsWith('kproxy-api-'));
const isRunning = (pid: number): boolean => {
  try {
    // A zombie has ended already; only its parent has not read its exit code.
    return !/^State:\s+Z/m.test(execFileSync('cat', [`/proc/${pid}/status`], { encoding: 'utf8', stdio: 'pipe' }));
  } catch {
    return false;
  }
};
/** Waits for other processes and for sockets, which send no event to this test. */
const until = (condition: () => boolean | Promise<boolean>) =>
  vi.waitUntil(condition, { interval: 2, timeout: 30_000 });
/** The threads of a killed process keep its socket for a moment. */
const isRefused = (socketPath: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = createConnection(socketPath, () => resolve(false)).on('error', () => resolve(true));
    socket.on('connect', () => socket.destroy());
  });
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined).catch(error => error);

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
  reply = () => completeAnswer(listText('1', [namedObject('a', '1')]));
  server = await startFakeApiServer(path => reply(path));
  await writeFile(join(temporary, 'kubeconfig'), server.kubeconfig);
  vi.stubEnv('TMPDIR', temporary);
  vi.stubEnv('FAKE_API', server.url);
  vi.stubEnv('FAKE_STARTS', join(temporary, 'starts'));
});

afterEach(async () => {
  for (const api of open.splice(0)) await api.close();
  await server.close();
  vi.unstubAllEnvs();
  useToolPath([]);
  await rm(temporary, { recursive: true });
});

/** Tests for the real kubectl and for the fake one. */
function proxyTests(program: string): void {
  beforeEach(() => useKubectl(program));

  test('passes lists on', async () => {
    const api = await openProxy();
    const { status, body } = await api.get(`${services}?limit=500`, signal());
    expect([status, await textOf(body)]).toEqual([200, listText('1', [namedObject('a', '1')])]);
    expect(server.requests).toEqual([`GET ${services}?limit=500`]);
  });

  test('rejects all other paths', async () => {
    const api = await openProxy(['Service', 'Node']);
    for (const path of ['/api/v1/secrets', '/api/v1/services/a', '/api/v1/namespaces/a/b/services', '/']) {
      expect((await api.get(path, signal())).status).toBe(403);
    }
    expect((await api.get('/api/v1/namespaces/shop/services', signal())).status).toBe(200);
    expect((await api.get('/api/v1/nodes', signal())).status).toBe(200);
    expect(server.requests).toHaveLength(2);
  });

  test('rejects writes, unless Events are written, and then those of all paths but its own', async () => {
    const events = '/apis/events.k8s.io/v1/namespaces/default/events';
    const writes = [
      ['POST', events],
      ['PUT', `${events}/a.1`],
      ['PUT', `${events}/a.1/b`],
      ['POST', '/api/v1/namespaces/default/pods'],
    ] as const;
    const statuses = async (api: Awaited<ReturnType<typeof openProxy>>) => {
      const answers = writes.map(([method, path]) => api.write(method, path, { kind: 'Event' }, signal()));
      return (await Promise.all(answers)).map(({ status }) => status);
    };
    expect(await statuses(await openProxy())).toEqual([403, 403, 403, 403]);
    expect(server.requests).toEqual([]);
    expect(await statuses(await openProxy(['Service'], true))).toEqual([200, 200, 403, 403]);
    expect([...server.requests].sort()).toEqual([`POST ${events}`, `PUT ${events}/a.1`]);
  });

  test('passes status and Retry-After on', async () => {
    reply = () => errorAnswer(429, 'later', 7);
    expect(await (await openProxy()).get(services, signal())).toMatchObject({ status: 429, retryAfterSeconds: 7 });
    const headers = { 'Retry-After': 'Thu, 26 Nov 2026 00:00:00 GMT' };
    reply = () => async requestSignal => ({ ...(await errorAnswer(429, 'later')(requestSignal)), headers });
    expect((await (await openProxy()).get(services, signal())).retryAfterSeconds).toBeUndefined();
  });

  test('turns an answer that breaks off into an error', async () => {
    reply = () => brokenAnswer('{"half":');
    const { body } = await (await openProxy()).get(services, signal());
    expect(await failure(textOf(body))).toBeInstanceOf(Error);
  });

  test('ends a request that is given up, and its answer', async () => {
    reply = () => openAnswer('first\n');
    const api = await openProxy();
    const controller = new AbortController();
    const { body } = await api.get(services, controller.signal);
    const iterator = body[Symbol.asyncIterator]();
    expect(String((await iterator.next()).value)).toBe('first\n');
    controller.abort();
    expect(await failure(iterator.next())).toBeInstanceOf(Error);
  });

  test('has a private folder, which is gone after the end', async () => {
    const api = await openProxy();
    expect(folders()).toHaveLength(1);
    const [folder = ''] = folders();
    expect(statSync(join(temporary, folder)).mode & 0o777).toBe(0o700);
    await api.close();
    expect(folders()).toEqual([]);
    expect(await failure(api.get(services, signal()))).toBeInstanceOf(Error);
  });

  test('answers for an unreachable API server, as the feed expects', async () => {
    const api = await openProxy();
    await server.close();
    const { status, body } = await api.get(services, signal());
    expect(status).toBe(500);
    expect(await textOf(body)).toMatch(/ECONNREFUSED|connection refused/);
  });

  test('serves a feed with a list and changes', async () => {
    const events = eventLine('ADDED', namedObject('b', '2')) + eventLine('DELETED', namedObject('a', '3'));
    const watches = [openAnswer(streamText('1', [namedObject('a', '1')]), events)];
    reply = () => watches.shift() ?? openAnswer();
    const seen: string[] = [];
    const feed = followCluster(await openProxy(), {
      kinds: ['Service'],
      onEvent: event => seen.push(short(event)),
      onTrouble: text => seen.push(text),
    });
    await until(() => seen.length === 3);
    await feed.close();
    expect(seen).toEqual(['listed a@1', 'changed b@2', 'removed a@3']);
  });
}

describe('with a fake kubectl', () => {
  proxyTests(fakeKubectl);

  test('one process serves concurrent requests', async () => {
    const api = await openProxy();
    await Promise.all(Array.from({ length: 5 }, async () => textOf((await api.get(services, signal())).body)));
    expect(await starts()).toHaveLength(1);
    expect((await starts())[0]?.argv).toEqual([
      '--kubeconfig',
      join(temporary, 'kubeconfig'),
      'proxy',
      expect.stringMatching(/^--unix-socket=.*\/kproxy-api-.{6}\/api\.sock$/),
      '--reject-methods=^(POST|PUT|PATCH|DELETE)$',
      '--accept-paths=^(/api/v1/services|/api/v1/namespaces/[^/]+/services)$',
    ]);
  });

  test('a killed process is started again, once, by the next requests', async () => {
    const api = await openProxy();
    const [first] = await starts();
    process.kill(first?.pid ?? 0, 'SIGKILL');
    await until(() => !isRunning(first?.pid ?? 0));
    const answers = await Promise.all([api.get(services, signal()), api.get(services, signal())]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    for (const { body } of answers) await textOf(body);
    expect(await starts()).toHaveLength(2);
    expect(folders()).toHaveLength(1);
  });

  test('a feed resumes after the process was killed, without a list', async () => {
    reply = path =>
      path.includes('sendInitialEvents')
        ? openAnswer(streamText('1', []), eventLine('MODIFIED', namedObject('a', '2')))
        : openAnswer(eventLine('MODIFIED', namedObject('a', '3')));
    const seen: string[] = [];
    const feed = followCluster(await openProxy(), {
      kinds: ['Service'],
      onEvent: event => seen.push(short(event)),
      onTrouble: text => seen.push(text),
      timing: { firstPause: 1 },
    });
    await until(() => seen.length === 2);
    process.kill((await starts())[0]?.pid ?? 0, 'SIGKILL');
    await until(() => seen.length === 3);
    await feed.close();
    expect(seen).toEqual(['listed', 'changed a@2', 'changed a@3']);
    expect(server.requests.at(-1)).toContain('resourceVersion=2&');
  });

  test('a process that hangs is replaced after a request was given up', async () => {
    const api = await openProxy();
    const pid = (await starts())[0]?.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    const controller = new AbortController();
    const request = failure(api.get(services, controller.signal));
    // The request is on its way in the next turn of the event loop.
    await turn();
    controller.abort();
    expect(await request).toBeInstanceOf(Error);
    await textOf((await api.get(services, signal())).body);
    expect(await starts()).toHaveLength(2);
    expect(isRunning(pid)).toBe(false);
  });

  test('credentials that are no longer accepted are read again', async () => {
    const api = await openProxy();
    reply = () => errorAnswer(401, '{}');
    await textOf((await api.get(services, signal())).body);
    reply = () => completeAnswer('{}');
    expect((await api.get(services, signal())).status).toBe(200);
    expect(await starts()).toHaveLength(2);
  });

  test('a removed socket is created again', async () => {
    const api = await openProxy();
    const [folder = ''] = folders();
    await rm(join(temporary, folder), { recursive: true });
    expect((await api.get(services, signal())).status).toBe(200);
  });

  test('a failed start is reported with its reason, and leaves nothing behind', async () => {
    vi.stubEnv('FAKE_FAILS', 'error: context "nope" does not exist');
    const error = await failure(openProxy());
    expect(error).toBeInstanceOf(KproxyError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^kubectl .* proxy .*: the context does not exist$/),
      evidence: 'error: context "nope" does not exist',
      code: 'kubectl-failed',
    });
    expect(folders()).toEqual([]);
  });

  test('a failed later start is the error of the request, and the next request tries again', async () => {
    const api = await openProxy();
    process.kill((await starts())[0]?.pid ?? 0, 'SIGKILL');
    vi.stubEnv('FAKE_FAILS', 'error: stat /nowhere: no such file or directory');
    expect(await failure(api.get(services, signal()))).toBeInstanceOf(Error);
    vi.stubEnv('FAKE_FAILS', '');
    expect((await api.get(services, signal())).status).toBe(200);
  });

  test('a process that does not begin to listen does not prevent closing', async () => {
    const api = await openProxy();
    const pid = (await starts())[0]?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    await until(() => !isRunning(pid));
    vi.stubEnv('FAKE_HANGS', 'yes');
    const controller = new AbortController();
    const request = failure(api.get(services, controller.signal));
    await until(async () => (await starts()).length === 2);
    controller.abort();
    expect(await request).toBeInstanceOf(Error);
    await api.close();
    expect(isRunning((await starts())[1]?.pid ?? 0)).toBe(false);
    expect(folders()).toEqual([]);
  });

  test('a first process that does not begin to listen is reported and replaced', async () => {
    vi.stubEnv('FAKE_HANGS', 'yes');
    const troubles: string[] = [];
    const api = await openKubectlProxy({ folder: temporary, kinds: ['Service'], requestTimeout: 2_000 }, line =>
      troubles.push(line),
    );
    open.push(api);
    expect(troubles).toEqual([
      expect.stringMatching(/^kubectl proxy .*: does not begin to listen within 2 s; trying again\. Run /),
    ]);
    expect(folders()).toEqual([]);
    vi.stubEnv('FAKE_HANGS', '');
    expect((await api.get(services, signal())).status).toBe(200);
    const [hung] = await starts();
    expect(isRunning(hung?.pid ?? 0)).toBe(false);
  });

  test('a first process that a limit of the machine prevents is reported, and started when that is over', async () => {
    const troubles: string[] = [];
    const lift = await limitOpenFiles();
    const api = await openKubectlProxy({ folder: temporary, kinds: ['Service'] }, line => troubles.push(line)).finally(
      lift,
    );
    open.push(api);
    expect(troubles).toEqual([
      expect.stringMatching(/^kubectl cannot be started: this process may not open more files/),
    ]);
    expect(troubles[0]).toMatch(/ \(.*EMFILE\); trying again\. Raise .* 1024 is plenty\.$/);
    expect(folders()).toEqual([]);
    expect((await api.get(services, signal())).status).toBe(200);
  });

  test('a write that is given up does not end the watches', async () => {
    const api = await openProxy(['Service'], true);
    reply = () => openAnswer('first\n');
    const { body } = await api.get(services, signal());
    const iterator = body[Symbol.asyncIterator]();
    expect(String((await iterator.next()).value)).toBe('first\n');
    let isAsked = false;
    reply = () => () => {
      isAsked = true;
      return new Promise(() => {});
    };
    const controller = new AbortController();
    const path = '/apis/events.k8s.io/v1/namespaces/default/events';
    const write = failure(api.write('POST', path, { kind: 'Event' }, controller.signal));
    await until(() => isAsked);
    controller.abort();
    expect(await write).toBeInstanceOf(Error);
    reply = () => completeAnswer(listText('1', []));
    expect((await api.get(services, signal())).status).toBe(200);
    expect(await starts()).toHaveLength(1);
  });
});

test('kubectl is missing', async () => {
  mkdirSync(join(temporary, 'bin'));
  if (setpriv !== undefined) symlinkSync(setpriv, join(temporary, 'bin', 'setpriv'));
  if (setpriv !== undefined) symlinkSync(findProgram(...inPath('true')) ?? '', join(temporary, 'bin', 'true'));
  useToolPath([], [join(temporary, 'bin')]);
  vi.stubEnv('PATH', '');
  const error = await failure(openProxy());
  expect(error).toMatchObject({
    message: `kubectl is not installed (not found in ${temporary}/bin)`,
    code: 'kubectl-missing',
  });
});

describe('without a setpriv that knows the option', () => {
  beforeEach(() => {
    useKubectl(fakeKubectl);
    symlinkSync(process.execPath, join(temporary, 'bin', 'node'));
    useToolPath([], [join(temporary, 'bin')]);
    vi.stubEnv('PATH', '');
  });

  test('no setpriv', async () => {
    expect((await (await openProxy()).get(services, signal())).status).toBe(200);
  });

  test('a setpriv that does not know the option', async () => {
    const own = join(temporary, 'bin', 'setpriv');
    await writeFile(own, '#!/bin/sh\necho "setpriv: unrecognized option: pdeathsig" >&2\nexit 1\n', { mode: 0o755 });
    expect((await (await openProxy()).get(services, signal())).status).toBe(200);
  });
});

describe.skipIf(setpriv === undefined)('with setpriv', () => {
  test('the proxy does not outlive a kproxy that is killed', async () => {
    useKubectl(fakeKubectl);
    const program = join(temporary, 'program.mjs');
    const source = fileURLToPath(new URL('../../../src/cluster/watch/kubectl-proxy.ts', import.meta.url));
    const toolPath = fileURLToPath(new URL('../../../src/run/tool-path.ts', import.meta.url));
    const { build } = await import('esbuild');
    await build({
      stdin: {
        contents: `import { openKubectlProxy } from ${JSON.stringify(source)};
          import { useToolPath } from ${JSON.stringify(toolPath)};
          useToolPath(${JSON.stringify(chosenFolders())});
          await openKubectlProxy({ folder: ${JSON.stringify(temporary)}, kinds: ['Service'] }, () => {});
          process.stdout.write('open');
          setInterval(() => {}, 1000);`,
        resolveDir: dirname(source),
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: program,
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
    const parent = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(parent.stdout, 'data');
    const [first] = await starts();
    expect(isRunning(first?.pid ?? 0)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isRunning(first?.pid ?? 0));
    // The next run removes what is left.
    const [folder = ''] = folders();
    await until(() => isRefused(join(temporary, folder, 'api.sock')));
    await removeStaleFolders([temporary]);
    expect(folders()).toEqual([]);
  });
});

describe.skipIf(realKubectl === undefined)('with the real kubectl', () => {
  proxyTests(realKubectl ?? '');
});

test('the accepted paths are those of the kinds, in all namespaces or in one', () => {
  const accepted = new RegExp(acceptedPaths(['Service', 'EndpointSlice', 'Node']));
  const slices = '/apis/discovery.k8s.io/v1';
  for (const path of [services, '/api/v1/namespaces/x/services', `${slices}/endpointslices`, '/api/v1/nodes']) {
    expect(path).toMatch(accepted);
  }
  for (const path of [
    '/api/v1/secrets',
    `${services}/x`,
    '/apis/discoveryXk8s.io/v1/endpointslices',
    '/api/v1/pods',
    '',
  ]) {
    expect(path).not.toMatch(accepted);
  }
});
