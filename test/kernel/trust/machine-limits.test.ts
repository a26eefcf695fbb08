import { beforeAll, expect, test } from 'vitest';
import { output, useNetwork } from '../support/guest.js';
import { kproxyProgram } from '../support/kproxy.js';
import { after, before } from './support/before-and-after.js';
import { node, topology } from './support/network.js';
import { dumpNode, type NodeDump } from './support/node-dump.js';
import { clusterDocument, fromStdin } from './support/services.js';

const sandbox = useNetwork(topology);
const kproxy = `${process.execPath} ${kproxyProgram}`;

/** Runs a script in which `$K` is kproxy and `$S` its sync of a cluster, with the cluster as its input. */
const shell = (script: string, cluster: typeof before) =>
  sandbox().run(['sh', '-uc', script], {
    namespace: node,
    input: clusterDocument(cluster),
    env: { K: kproxy, S: fromStdin('sync').join(' ') },
  });

let start: NodeDump;
beforeAll(async () => {
  expect(await shell('$K $S', before)).toMatchObject({ stderr: '', exitCode: 0 });
  start = await dumpNode(sandbox(), node);
});

test('with too few open files each run ends with one message and exit code 4, and changes nothing', async () => {
  const script =
    'cat >/tmp/cluster; for n in 20 22 24 27 30; do (ulimit -n $n; $K $S </tmp/cluster); echo "exit $?"; done';
  const { stdout, stderr } = await shell(script, after);
  expect(stdout).toBe('exit 4\n'.repeat(5));
  expect(stderr.match(/^kproxy: /gm)).toHaveLength(5);
  expect(stderr.match(/ulimit -n/g)?.length).toBeGreaterThanOrEqual(5);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(stderr).not.toContain('not installed');
  expect(await dumpNode(sandbox(), node)).toEqual(start);
}, 120_000);

test('programs of the current folder are not run, whatever the environment is', async () => {
  const script = `
    mkdir -p /tmp/planted; cd /tmp/planted
    for tool in flock ip ipset ipvsadm iptables-save modprobe sh; do
      printf '#!/bin/sh\\ntouch /tmp/planted-ran\\n' >$tool; chmod +x $tool
    done
    echo 'touch /tmp/planted-ran' >rc
    cat >/tmp/cluster
    env -i $K $S </tmp/cluster && PATH=.:: ENV=/tmp/planted/rc BASH_ENV=/tmp/planted/rc $K $S </tmp/cluster
    code=$?; ls /tmp/planted-ran; exit $code`;
  const { stdout, stderr, exitCode } = await shell(script, before);
  expect({ stdout: stdout.split('\n').length, exitCode }).toMatchObject({ exitCode: 0 });
  expect(stderr).toMatch(/^ls: .*planted-ran.*No such file/);
});

test('an unprivileged user cannot lock the node, and root who does is named', async () => {
  const lock = '/run/kproxy/lock/*';
  const ordinary = 'setpriv --reuid=65534 --regid=65534 --clear-groups';
  const refused = await shell(`${ordinary} sh -c 'flock -n ${lock} true'`, before);
  expect(refused.exitCode).not.toBe(0);
  expect(refused.stderr).toMatch(/Permission denied|cannot open/);
  const script = `flock ${lock} sleep 20 & sleep 0.5; $K $S --lock-timeout 0; code=$?; kill $!; exit $code`;
  const held = await shell(script, before);
  expect(held.exitCode).toBe(4);
  expect(held.stderr).toMatch(
    /another kproxy still works on this node after 0 s\n {2}\S+: held by process \d+ \(.*sleep 20\)/,
  );
  await output(sandbox(), ['sh', '-c', 'pkill -f "sleep 20" || true']);
});

test('a node is programmed with full folders for files', async () => {
  const mounts = ['/tmp', '/dev/shm'].map(path => `[ ! -d ${path} ] || mount -t tmpfs -o size=64k tmpfs ${path}`);
  const script = `${mounts.join('; ')}; mount -t tmpfs -o size=64k tmpfs /run/lock 2>/dev/null; $K $S`;
  const full = `mount -o remount,size=64k /run; ${script}; code=$?; mount -o remount,size=64m /run; exit $code`;
  const result = await sandbox().run(['unshare', '-m', 'sh', '-uc', full], {
    namespace: node,
    input: clusterDocument(after),
    env: { K: kproxy, S: fromStdin('sync').join(' ') },
  });
  expect(result).toMatchObject({ stderr: '', exitCode: 0 });
  expect(await shell('$K $S', after)).toMatchObject({
    stdout: expect.stringContaining('nothing changed'),
    exitCode: 0,
  });
});
