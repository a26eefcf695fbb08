import { describe, expect, test } from 'vitest';
import { kernelAnswerOf } from '../../../src/tutorial/observe/kernel-answer.js';
import { connectionsIn } from '../../../src/tutorial/observe/parse/connections.js';
import { moments, nothing } from './support/moments.js';

/** Returns what the kernel answered after the first command that begins so. */
function answerAfter(command: string, skip = 0) {
  const moment = moments.filter(moment => moment.command.startsWith(command))[skip];
  if (moment === undefined) throw new Error(`nothing was recorded after ${command}`);
  return kernelAnswerOf(moment.texts);
}

describe('the answer of a worker', () => {
  test('has what the chapter’s commands have put there', () => {
    const answer = answerAfter('ipvsadm -a -t 10.254.10.128:80 -r 10.244.1.3');
    expect(answer.sets).toEqual(
      new Map([['KUBE-CLUSTER-IP', { type: 'hash:ip,port', entries: ['10.254.10.128,tcp:80'] }]]),
    );
    expect(answer.links.get('kube-ipvs0')).toEqual({ type: 'dummy', isUp: false, addresses: ['10.254.10.128/32'] });
    expect(answer.links.get('cni0')).toEqual({
      type: 'bridge',
      isUp: true,
      addresses: ['10.244.1.1/24', 'fd00:244:1::1/64'],
    });
    expect(answer.links.get('lo')).toEqual({ type: undefined, isUp: true, addresses: ['127.0.0.1/8', '::1/128'] });
    const unused = { forwarding: 'Masq', weight: 1, active: 0, inactive: 0, connections: 0 };
    expect(answer.virtualServers).toEqual(
      new Map([
        [
          'TCP 10.254.10.128:80',
          {
            scheduler: 'rr',
            connections: 0,
            realServers: new Map([
              ['10.244.1.3:8080', unused],
              ['10.244.2.2:8080', unused],
            ]),
          },
        ],
      ]),
    );
    expect(answer.sysctls).toEqual(new Map([['net/ipv4/vs/conntrack', '1']]));
    expect(answer.chains.get('nat POSTROUTING')).toEqual({
      policy: 'ACCEPT',
      rules: [{ text: '-m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING', packets: 0 }],
    });
    expect(answer.chains.get('nat KUBE-MARK-MASQ')).toEqual({
      policy: undefined,
      rules: [{ text: '-j MARK --set-xmark 0x4000/0x4000', packets: 0 }],
    });
  });

  test('counts connections before the kernel has added them up', () => {
    const { virtualServers } = answerAfter('curl');
    const server = virtualServers.get('TCP 10.254.10.128:80');
    expect(moments.find(({ command }) => command.startsWith('curl'))?.texts.stats).toMatch(/^TCP +\S+ +0 /m);
    expect(server?.connections).toBe(1);
    expect(server?.realServers.get('10.244.1.3:8080')).toMatchObject({ active: 0, inactive: 1, connections: 1 });
  });

  test('counts connections that have ended long ago', () => {
    const texts = { ...nothing, ipVs: ipVsWith(['10F40103:1F90      Masq    1      0          1']), stats };
    const server = kernelAnswerOf(texts).virtualServers.get('TCP 10.254.10.128:80');
    expect(server).toEqual({
      scheduler: 'rr',
      connections: 12_000,
      realServers: new Map([
        ['16.244.1.3:8080', { forwarding: 'Masq', weight: 1, active: 0, inactive: 1, connections: 11_000 }],
      ]),
    });
  });

  test('tells a persistent virtual server from another one', () => {
    expect(answerAfter('ipvsadm -E').virtualServers.get('TCP 10.254.10.128:80')).toMatchObject({
      scheduler: 'wrr',
      isPersistent: true,
    });
  });

  test('is empty on a machine without anything', () => {
    expect(kernelAnswerOf(nothing)).toEqual({
      sets: new Map(),
      chains: new Map(),
      links: new Map(),
      virtualServers: new Map(),
      sysctls: new Map(),
    });
  });

  test('is refused if a text is cut off', () => {
    const { texts } = moments.at(-1) ?? { texts: nothing };
    expect(() => kernelAnswerOf({ ...texts, ipVs: texts.ipVs.slice(0, -3) })).toThrow(SyntaxError);
    expect(() => kernelAnswerOf({ ...texts, ipset: texts.ipset.slice(0, -3) })).toThrow(SyntaxError);
    expect(() => kernelAnswerOf({ ...texts, addresses: texts.addresses.slice(0, -3) })).toThrow(SyntaxError);
  });
});

const heading = [
  'IP Virtual Server version 1.2.1 (size=4096)',
  'Prot LocalAddress:Port Scheduler Flags',
  '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
];
const ipVsWith = (real: readonly string[]) =>
  [...heading, 'TCP  0AFE0A80:0050 rr  ', ...real.map(line => `  -> ${line}`), ''].join('\n');

const stats = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
TCP  10.254.10.128:80                  12K       66       61     4452     4623
  -> 16.244.1.3:8080                   11K       37       36     2515     2709
FWM  7                                   3        0        0        0        0
  -> 10.0.0.9:0                          3        0        0        0        0
`;

test('the numbers of ipvsadm may be shortened', () => {
  expect(connectionsIn(stats)).toEqual(
    new Map([
      ['TCP 10.254.10.128:80', { all: 12_000, byRealServer: new Map([['16.244.1.3:8080', 11_000]]) }],
      ['FWM 7', { all: 3, byRealServer: new Map([['10.0.0.9:0', 3]]) }],
    ]),
  );
});
