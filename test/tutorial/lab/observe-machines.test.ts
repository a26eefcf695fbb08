import { expect, test } from 'vitest';
import { parseReport } from '../../../src/tutorial/lab/observe-machines.js';

const pod = (name: string, status: string) => ({
  kind: 'Pod',
  metadata: { name },
  status: {
    conditions: [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Ready', status },
    ],
  },
});
const lines = (file: string, object: object) =>
  JSON.stringify(object, null, 2)
    .split('\n')
    .map(line => `/run/kproxy/cluster/${file}:${line}\n`)
    .join('');

const files = [
  lines('endpoints.web.service.json', { kind: 'Endpoints' }),
  lines('pod.client-inajob.json', pod('client-inajob', 'True')),
  lines('pod.web-inajob.json', pod('web-inajob', 'True')),
  lines('pod.web-yuanying.json', pod('web-yuanying', 'False')),
  '/run/kproxy/cluster/service.damaged.json:{"kind"\n',
].join('');
const sysctls = '/proc/sys/net/ipv4/vs/conntrack:0\n/proc/sys/net/ipv4/ip_forward:1\n';
const virtualServers = '/proc/net/ip_vs:IP Virtual Server\n/proc/net/ip_vs:TCP 0AFE0A80:0050 rr\n';
const inajob = ['create S hash:ip\n', '*nat\n', '[]\n', 'stats\n', `${sysctls}${virtualServers}${files}`];
const yuanying = ['', '', '[]\n', '', sysctls];
const cluster = [' web-yuanying', ' warehouse web-inajob', 'inajob master ', ''];

const expected = {
  workers: {
    inajob: {
      ipset: 'create S hash:ip\n',
      iptables: '*nat\n',
      addresses: '[]\n',
      ipVs: 'IP Virtual Server\nTCP 0AFE0A80:0050 rr\n',
      stats: 'stats\n',
      sysctls: 'net/ipv4/vs/conntrack=0\nnet/ipv4/ip_forward=1\n',
    },
    yuanying: {
      ipset: '',
      iptables: '',
      addresses: '[]\n',
      ipVs: '',
      stats: '',
      sysctls: 'net/ipv4/vs/conntrack=0\nnet/ipv4/ip_forward=1\n',
    },
  },
  objects: {
    'endpoints/web.service': { kind: 'Endpoints' },
    'pod/client-inajob': pod('client-inajob', 'True'),
    'pod/web-inajob': pod('web-inajob', 'False'),
    'pod/web-yuanying': pod('web-yuanying', 'True'),
  },
  rootShells: ['master', 'inajob'],
};

test('an observation has the texts of both workers, the readable objects, and Pods as ready as their servers', () => {
  expect(parseReport([...inajob, ...yuanying, ...cluster].join('\0'))).toEqual(expected);
});

test('a worker that is known already is not part of the report', () => {
  expect(parseReport([...inajob, ...cluster].join('\0'), expected.workers.yuanying)).toEqual(expected);
});
