import { expect, test } from 'vitest';
import type { CommandResult, NodeAccess } from '../../src/node/access.js';
import { namespacesByAddress } from '../../src/node/network-namespaces.js';

const done = (stdout: string): CommandResult => ({ stdout, stderr: '', exitCode: 0 });
const failed: CommandResult = { stdout: '', stderr: 'Operation not permitted', exitCode: 1 };

/** Returns a node with these outputs of commands, and these files. A file that is an error cannot be read. */
function nodeWith(outputs: Readonly<Record<string, string>>, files: Readonly<Record<string, string | Error>> = {}) {
  const commands: string[] = [];
  const node: NodeAccess = {
    run: async ({ argv }) => {
      const text = argv.join(' ');
      commands.push(text);
      const output = outputs[text];
      return output === undefined ? failed : done(output);
    },
    readFile: async path => {
      const file = files[path];
      if (file instanceof Error) throw file;
      return file;
    },
  };
  return { node, commands };
}

const lsns = 'lsns -t net -J -o NS,PID,NSFS';
const trie = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
        |-- 10.244.1.0
           /24 link UNICAST
        |-- 10.244.1.9
           /32 host LOCAL
        |-- 10.244.1.255
           /32 link BROADCAST
`;

test('the namespace of a process is entered by the process', async () => {
  const { node } = nodeWith(
    { [lsns]: '{"namespaces":[{"ns":4026531840,"pid":1,"nsfs":null},{"ns":"4026532000","pid":"77","nsfs":null}]}' },
    { '/proc/77/net/fib_trie': trie, '/proc/77/net/if_inet6': 'fd000244000100000000000000000009 02 40 00 80 eth0\n' },
  );
  expect(await namespacesByAddress(node)).toEqual(
    new Map([
      ['10.244.1.9', ['nsenter', '-t', '77', '-n', '--']],
      ['fd00:244:1::9', ['nsenter', '-t', '77', '-n', '--']],
    ]),
  );
});

test('a namespace without a process is entered by its name, and one with a process is not read twice', async () => {
  const { node, commands } = nodeWith(
    {
      [lsns]: '{"namespaces":[{"ns":1,"pid":5,"nsfs":"/run/netns/cni-1\\n/var/run/netns/cni-1"}]}',
      'ip -j netns list': '[{"name":"-evil"},{"name":"cni-1"},{"name":"client"}]',
      'ip -n client -j addr show': '[{},{"addr_info":[{"local":"10.244.1.9"},{"local":"fd00::9"},{"local":"x"}]}]',
    },
    { '/proc/5/net/fib_trie': trie.replaceAll('10.244.1.9', '10.244.1.3') },
  );
  expect(await namespacesByAddress(node)).toEqual(
    new Map([
      ['10.244.1.3', ['nsenter', '-t', '5', '-n', '--']],
      ['10.244.1.9', ['ip', 'netns', 'exec', 'client']],
      ['fd00::9', ['ip', 'netns', 'exec', 'client']],
    ]),
  );
  expect(commands).toEqual([lsns, 'ip -j netns list', 'ip -n client -j addr show']);
});

test('nothing is found where the user may not look, and where the tools are missing or print nonsense', async () => {
  const { node } = nodeWith(
    { [lsns]: '{"namespaces":[{"ns":1,"pid":5}]}', 'ip -j netns list': 'nonsense' },
    { '/proc/5/net/fib_trie': new Error('EACCES') },
  );
  expect(await namespacesByAddress(node)).toEqual(new Map());
  const missing: NodeAccess = { run: () => Promise.reject(new Error('ENOENT')), readFile: async () => undefined };
  expect(await namespacesByAddress(missing)).toEqual(new Map());
});
