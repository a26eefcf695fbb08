import { expect, test } from 'vitest';
import { observeTools } from '../../src/health/observe-tools.js';
import type { CommandResult } from '../../src/node/access.js';
import { flowFile } from '../../src/node/batches.js';

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
      onFlowsDeleted: (seconds, deleted) => reported.push([seconds, ...deleted]),
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

const file = (...lines: readonly string[]) => ({
  argv: ['tee', flowFile],
  input: lines.map(line => `${line}\n`).join(''),
});
const ipv4Line = '-D -p udp -d 10.96.0.1 --dport 53 -r 10.244.1.3';
const ipv6Line = '-D -f ipv6 -p udp -d fd00:96::1 --dport 53 -r fd00:244::3';
/** What conntrack 1.4.7 prints. */
const ipv4Flow =
  'udp      17 99 src=10.0.0.2 dst=10.96.0.1 sport=1000 dport=53 [UNREPLIED] src=10.244.1.3 dst=10.0.0.2\n';
const ipv6Flow =
  'udp      17 99 src=fd00::1 dst=fd00:96::1 sport=1000 dport=53 src=fd00:244::3 dst=fd00::1 [ASSURED]\n';
const deletion = (stdout: string) => ({ argv: ['conntrack', '-R', flowFile], result: { stdout } });

test('deleted flows are counted by family, with the time that conntrack took', async () => {
  expect(await observe([file(ipv4Line, ipv6Line), deletion(`${ipv4Flow}${ipv4Flow}${ipv6Flow}`)])).toEqual([
    [0.25, ['IPv4', 2], ['IPv6', 1]],
  ]);
});

test('a run of conntrack that finds no flow is one of the families that it was about', async () => {
  const runs = [file(ipv6Line), deletion(''), file(ipv4Line), deletion(ipv4Flow)];
  expect(await observe(runs)).toEqual([
    [0.25, ['IPv6', 0]],
    [0.25, ['IPv4', 1]],
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
