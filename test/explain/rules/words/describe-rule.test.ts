import { describe, expect, test } from 'vitest';
import { parseRule } from '../../../../src/explain/rules/parse-rule.js';
import { describeRule, ruleSentence } from '../../../../src/explain/rules/words/describe-rule.js';
import { splitRule } from '../../../../src/node/tools/iptables-save.js';
import { parityCases } from '../../../support/parity-case.js';

const sentence = (text: string): string => ruleSentence(parseRule(splitRule(text)));
/** Returns what a rule says of its packets, without what happens to them. */
const clauses = (text: string): readonly string[] => describeRule(parseRule(splitRule(text))).slice(0, -1);
const action = (text: string): string => describeRule(parseRule(splitRule(text))).at(-1) ?? '';

describe('a rule is one sentence', () => {
  test.each([
    ['-j KUBE-SERVICES', 'All packets go through the chain KUBE-SERVICES, and come back if it does not decide.'],
    [
      '-m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT',
      'Packets whose destination address and port are in the set KUBE-CLUSTER-IP are accepted: no further rule of ' +
        'this table and hook sees them.',
    ],
    [
      '-s 10.0.0.0/8 ! -d 192.0.2.1/32 -p tcp -m tcp --dport 80 -j DROP',
      'Packets whose source is in 10.0.0.0/8, whose destination is not 192.0.2.1, whose protocol is TCP and whose ' +
        'destination port is 80 are dropped: the client gets no answer.',
    ],
    ['-m comment --comment "-j DROP"', 'All packets are counted, and go on.'],
  ])('%s', (rule, expected) => expect(sentence(rule)).toBe(expected));
});

describe('each match is a clause', () => {
  test.each([
    ['-p 132', 'whose protocol is SCTP'],
    ['! -p icmp', 'whose protocol is not ICMP'],
    ['-i veth+', 'that arrive on a device whose name begins with veth'],
    ['! -o cni0', 'that do not leave through cni0'],
    ['-m tcp --dport 1024:', 'whose destination port is 1024 or more'],
    ['-m udp ! --sport 53:60', 'whose source port is not 53 to 60'],
    ['-m tcp --tcp-flags FIN,SYN,RST,ACK SYN', 'that ask for a new TCP connection'],
    ['-m tcp --tcp-flags SYN,RST RST', 'that have RST set of the TCP flags SYN,RST'],
    ['-m multiport --dports 80,443,8000:8080', 'whose destination port is 80, 443 or 8000 to 8080'],
    ['-m mark --mark 0x4000/0x4000', 'that have the mark 0x4000'],
    ['-m mark ! --mark 0x4000/0x4000', 'that do not have the mark 0x4000'],
    ['-m mark --mark 0x1/0xf', 'whose mark is 0x1 in the bits 0xf'],
    ['-m connmark --mark 0x2/0x2', 'whose connection has the mark 0x2'],
    [
      '-m set --match-set KUBE-LOOP-BACK dst,dst,src',
      'whose destination address and port together with source address are in the set KUBE-LOOP-BACK',
    ],
    ['-m set ! --match-set KUBE-NODE-PORT-TCP dst', 'whose destination port is not in the set KUBE-NODE-PORT-TCP'],
    ['-m set --match-set others src', 'whose source is in the set others'],
    ['-m addrtype --dst-type LOCAL', 'whose destination is an address of this node'],
    ['-m addrtype ! --src-type LOCAL', 'whose source is not an address of this node'],
    [
      '-m conntrack --ctstate RELATED,ESTABLISHED',
      'that belong to a connection that conntrack knows or are related to one',
    ],
    ['-m conntrack ! --ctstate NEW', 'whose conntrack state is not NEW'],
    ['-m state --state NEW', 'that begin a connection'],
    ['-m physdev ! --physdev-is-in', 'that do not arrive through a port of a bridge'],
    ['-m physdev --physdev-in veth1', 'that arrive through a port of a bridge: veth1'],
    ['-m ipvs --vproto 6 --vaddr 192.0.2.11 --vport 80', 'that IPVS balances for the virtual server TCP 192.0.2.11:80'],
    ['-m statistic --mode random --probability 0.50000000000', 'that chance selects (50 % of them)'],
    ['-m limit --limit 5/min --limit-burst 7', 'as long as they are not more than 5/min'],
    ['-m u32 --u32 "6&0xFF=1"', 'for which the match "u32 --u32 \'6&0xFF=1\'" holds (kproxy does not know it)'],
    ['-m nosuch', 'for which the match "nosuch" holds (kproxy does not know it)'],
    ['-m tcp --nosuch 1', 'for which the match "tcp --nosuch 1" holds (kproxy does not know it)'],
  ])('%s', (rule, expected) => expect(clauses(rule)).toEqual([expected]));
});

describe('each target is a predicate', () => {
  test.each([
    ['-j REJECT --reject-with tcp-reset', 'are rejected with tcp-reset: the client sees "Connection refused"'],
    ['-j RETURN', 'leave this chain undecided'],
    ['-g DOCKER-USER', 'go to the chain DOCKER-USER, and do not come back to this one'],
    ['-j MARK --set-xmark 0x4000/0x4000', 'get the mark 0x4000'],
    ['-j MARK --set-xmark 0x0/0x4000', 'lose the mark 0x4000'],
    [
      '-j MARK --set-xmark 0x4000/0x0',
      'have the bits 0x4000 of their mark flipped, which removes a mark 0x4000 they have',
    ],
    ['-j MARK --set-xmark 0x1/0xff', 'get 0x1 in the bits 0xff of their mark'],
    ['-j MASQUERADE --random-fully', 'get an address of the device through which they leave as their source'],
    ['-j DNAT --to-destination 10.0.0.1:80', 'get the destination 10.0.0.1:80, and so does their whole connection'],
    ['-j TPROXY --on-port 1', 'go to the target "TPROXY --on-port 1" (kproxy does not know it)'],
  ])('%s', (rule, expected) => expect(action(rule)).toBe(expected));
});

test('no rule of kube-proxy has a word that is not explained', () => {
  const rules = parityCases.flatMap(one =>
    ['iptables', 'ip6tables'].flatMap(file =>
      one
        .reference(file)
        .split('\n')
        .filter(line => line.startsWith('-A ')),
    ),
  );
  expect(rules.length).toBeGreaterThan(100);
  const sentences = rules.map(rule => ruleSentence(parseRule(splitRule(rule).slice(2))));
  expect(sentences.filter(text => text.includes('does not know') || text.includes('--'))).toEqual([]);
});
