import { expect, test } from 'vitest';
import { observeTools } from '../../src/health/observe-tools.js';
import type { CommandResult } from '../../src/node/access.js';

/** Runs commands on a node that gives these results, and returns what is reported. */
async function observe(
  commands: readonly { readonly argv: readonly string[]; readonly input?: string; readonly result?: object }[],
) {
  const reported: unknown[] = [];
  let result: CommandResult;
  let milliseconds = 0;
  const node = observeTools(
    {
      run: async () => {
        milliseconds += 250;
        return result;
      },
      readFile: async path => `text of ${path}`,
    },
    {
      onConntrack: (...run) => reported.push(run),
      onRestoreFailed: family => reported.push(family),
    },
    () => milliseconds,
  );
  for (const { result: given, ...command } of commands) {
    result = { stdout: '', stderr: '', exitCode: 0, ...given };
    expect(await node.run(command)).toBe(result);
  }
  expect(await node.readFile('/proc/version')).toBe('text of /proc/version');
  return reported;
}

/** What conntrack 1.4.7 prints. */
const ipv4Flow =
  'udp      17 99 src=10.0.0.2 dst=10.96.0.1 sport=1000 dport=53 [UNREPLIED] src=10.244.1.3 dst=10.0.0.2\n';
const ipv6Flow =
  'udp      17 99 src=fd00::1 dst=fd00:96::1 sport=1000 dport=53 src=fd00:244::3 dst=fd00::1 [ASSURED]\n';
const ipv4Filter = ['-p', 'udp', '-d', '10.96.0.1', '--dport', '53'];
const ipv6Filter = ['-f', 'ipv6', '-p', 'udp', '-d', 'fd00:96::1', '--dport', '53'];
const run = (verb: string, filter: readonly string[], stdout = '') => ({
  argv: ['conntrack', verb, ...filter],
  result: { stdout },
});

test('deleted flows are counted by family, with the time that conntrack took', async () => {
  const runs = [run('-D', ipv4Filter, `${ipv4Flow}${ipv4Flow}`), run('-D', ipv6Filter, ipv6Flow)];
  expect(await observe(runs)).toEqual([
    [0.25, 'IPv4', 2],
    [0.25, 'IPv6', 1],
  ]);
});

test('flows that conntrack lists or does not find are not counted, but the time is', async () => {
  const runs = [run('-L', ipv4Filter, ipv4Flow), run('-D', ipv6Filter)];
  expect(await observe(runs)).toEqual([
    [0.25, 'IPv4', 0],
    [0.25, 'IPv6', 0],
  ]);
});

test('only failed restores are reported, of every backend', async () => {
  const failed = { exitCode: 1 };
  expect(
    await observe([
      { argv: ['iptables-restore', '-w', '--noflush'] },
      { argv: ['iptables-restore', '-w', '--noflush'], result: failed },
      { argv: ['ip6tables-legacy-restore', '-w', '--noflush'], result: failed },
      { argv: ['iptables-nft-restore', '-w', '--noflush'], result: failed },
      { argv: ['iptables', '-w', '-t', 'nat', '-S'], result: failed },
      { argv: ['ipset', '-exist', 'restore'], result: failed },
    ]),
  ).toEqual(['IPv4', 'IPv6', 'IPv4']);
});
