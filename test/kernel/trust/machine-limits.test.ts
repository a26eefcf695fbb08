import { beforeAll, expect, test } from 'vitest';
import { useNetwork } from '../support/guest.js';
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

test('with too few open files a run changes nothing and says why, and the next one with enough finishes', async () => {
  const limited = (limits: string) =>
    `for n in ${limits}; do (ulimit -n $n; $K $S </tmp/cluster >/dev/null); echo $?; done`;
  // With fewer, Node itself does not start, or cannot load the program.
  const few = Number.parseInt(process.versions.node, 10) >= 22 ? '22 23 24' : '19 20 21';
  const none = await shell(`cat >/tmp/cluster; ${limited(few)}`, after);
  expect(none.stdout).toBe('4\n4\n4\n');
  expect(none.stderr.match(/^kproxy: .*$/gm)).toHaveLength(3);
  expect(none.stderr.match(/ulimit -n/g)?.length).toBeGreaterThanOrEqual(3);
  expect(none.stderr).not.toMatch(/^ +at |not installed/m);
  expect(await dumpNode(sandbox(), node)).toEqual(start);

  const some = await shell(`cat >/tmp/cluster; ${limited('26 28')}; $K $S </tmp/cluster >/dev/null; echo $?`, after);
  expect(some.stdout).toMatch(/^([045]\n){2}0\n$/);
  expect(some.stderr).not.toMatch(/^ +at |not installed/m);
  expect(await shell('$K $S', before)).toMatchObject({ stderr: '', exitCode: 0 });
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
  expect({ synced: stdout.match(/nothing changed/g)?.length, exitCode }).toEqual({ synced: 2, exitCode: 0 });
  expect(stderr).toMatch(/^ls: .*planted-ran.*No such file/);
});

test('an unprivileged user cannot lock the node, and root who does is named', async () => {
  const lock = '/run/kproxy/lock/*';
  const ordinary = 'setpriv --reuid=65534 --regid=65534 --clear-groups';
  const refused = await shell(`${ordinary} sh -c 'flock -n ${lock} true'`, before);
  expect(refused.exitCode).not.toBe(0);
  expect(refused.stderr).toMatch(/Permission denied|cannot open/);
  const script = `flock -F ${lock} sleep 20 & sleep 0.5; $K $S --lock-timeout 0; code=$?; kill $!; exit $code`;
  const held = await shell(script, before);
  expect(held.exitCode).toBe(4);
  expect(held.stderr).toMatch(
    /another kproxy still works on this node after 0 s\n {2}\S+: held by process \d+ \(.*sleep 20\)/,
  );
});

test('a node is programmed with full folders for files', async () => {
  // Not /tmp itself, below which this program may be.
  const temporary = '/run/temporary';
  const small = 'mount -t tmpfs -o size=64k tmpfs';
  const mounts = [temporary, '/dev/shm'].map(path => `[ ! -d ${path} ] || ${small} ${path}`).join('; ');
  const script = `mkdir -p ${temporary}; ${mounts}; ${small} /run/lock 2>/dev/null; $K $S`;
  const full = `mount -o remount,size=64k /run; ${script}; code=$?; mount -o remount,size=64m /run; exit $code`;
  const result = await sandbox().run(['unshare', '-m', 'sh', '-uc', full], {
    namespace: node,
    input: clusterDocument(after),
    env: { K: kproxy, S: fromStdin('sync').join(' '), TMPDIR: temporary },
  });
  expect(result).toMatchObject({ stderr: '', exitCode: 0 });
  expect(await shell('$K $S', after)).toMatchObject({
    stdout: expect.stringContaining('nothing changed'),
    exitCode: 0,
  });
});
