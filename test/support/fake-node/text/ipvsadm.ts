import { endpointText, realServerLine, runIpvsadm, serverKey, serverLine, sortedServers } from '../ipvsadm.js';
import type { FakeKernel, FakeRealServer, FakeVirtualServer } from '../kernel.js';
import { sortedKeys, type TextPart, wrong } from './part.js';

/**
 * `ipvsadm -A -t 10.96.0.1:80 -s rr`, `ipvsadm -a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1`: the lines of
 * `ipvsadm -S -n`. What those leave out follows as a comment in the words of the kernel's own listing:
 * `# Local ActiveConn 2 InActConn 1`.
 */
export const ipvsadmPart: TextPart = {
  print: kernel => sortedServers(kernel).flatMap(serverLines),
  run: (kernel, words) => {
    const comment = words.indexOf('#');
    const command = comment < 0 ? words : words.slice(0, comment);
    const { exitCode, stderr } = runIpvsadm(kernel, command, '');
    if (exitCode !== 0 || !/^-[Aa]$/.test(command[0] ?? '')) wrong('ipvsadm', words, stderr.trim());
    if (comment >= 0) addDetails(kernel, command, words.slice(comment + 1));
  },
};

const serverLines = (server: FakeVirtualServer): readonly string[] => [
  serverLine(server),
  ...sortedKeys(server.realServers).map(name => {
    const real = server.realServers.get(name) as FakeRealServer;
    return `${realServerLine(server, real)}${detailsText(real)}`;
  }),
];

function detailsText({ forwarding, connections: { active, inactive } }: FakeRealServer): string {
  const words = [
    ...(forwarding === 'local' ? ['Local'] : []),
    ...(active + inactive === 0 ? [] : ['ActiveConn', active, 'InActConn', inactive]),
  ];
  return words.length === 0 ? '' : ` # ${words.join(' ')}`;
}

function addDetails({ servers }: FakeKernel, command: readonly string[], words: readonly string[]): void {
  const pattern = /^(Local)?(?:(?:^| )ActiveConn (\d+) InActConn (\d+))?$/;
  const [, local, active = '0', inactive = '0'] = pattern.exec(words.join(' ')) ?? wrong('ipvsadm #', words);
  const [, flag = '', endpoint = '', , realEndpoint = ''] = command;
  const realServers = servers.get(serverKey(flag, endpoint))?.realServers;
  const real = realServers?.get(realEndpoint) ?? wrong('ipvsadm', command, 'only a real server has such details');
  realServers?.set(endpointText(real), {
    ...real,
    forwarding: local === undefined ? real.forwarding : 'local',
    connections: { active: Number(active), inactive: Number(inactive) },
  });
}
