import { describe, expect, test } from 'vitest';
import type { LimitFacts } from '../../src/node/facts.js';
import { conntrackElements, unsetLimitLines } from '../../src/proxy/conntrack-limits.js';
import { hostElements } from '../../src/proxy/host.js';
import type { ConntrackOptions, ProxyOptions } from '../../src/proxy/options.js';
import { parityFacts, parityOptions } from '../support/parity-case.js';

const max = 'net/netfilter/nf_conntrack_max';
const buckets = 'net/netfilter/nf_conntrack_buckets';

const withConntrack = (conntrack: Partial<ConntrackOptions>): ProxyOptions => ({
  ...parityOptions,
  conntrack: { ...parityOptions.conntrack, ...conntrack },
});
const factsWith = (limits: Partial<LimitFacts>) => ({
  ...parityFacts,
  limits: { processors: 2, readOnly: [], ...limits },
});

/** Returns lines `NAME=VALUE`, with `>=` for what is only raised. */
const lines = (options: ProxyOptions, facts = parityFacts): readonly string[] =>
  conntrackElements(options, facts).map(({ element }) =>
    element.kind === 'sysctl'
      ? `${element.name.replace('net/netfilter/nf_conntrack_', '')}${element.atLeast ? '>=' : '='}${element.value}`
      : element.kind,
  );

test('the defaults are set as kube-proxy does, and the rest is left to the node', () =>
  expect(lines(parityOptions)).toEqual([
    'tcp_timeout_established=86400',
    'tcp_timeout_close_wait=3600',
    'max>=131072',
    'buckets>=32768',
  ]));

test('every option has its parameter', () =>
  expect(
    lines(
      withConntrack({
        maxPerCore: 0,
        tcpEstablishedTimeout: 1,
        tcpCloseWaitTimeout: 2,
        tcpBeLiberal: true,
        udpTimeout: 3,
        udpStreamTimeout: 4,
      }),
    ),
  ).toEqual([
    'tcp_timeout_established=1',
    'tcp_timeout_close_wait=2',
    'tcp_be_liberal=1',
    'udp_timeout=3',
    'udp_timeout_stream=4',
  ]));

/** The rule of kube-proxy 1.37, which caps what the processors amount to, also below the minimum. */
describe('the number of connections', () => {
  const maximum = (conntrack: Partial<ConntrackOptions>, processors: number | undefined) =>
    conntrackElements(withConntrack(conntrack), factsWith({ processors })).find(
      ({ element }) => element.kind === 'sysctl' && element.name === max,
    );

  test.each([
    [{}, 1, '131072', 'It is conntrack.min.'],
    [{}, 4, '131072', 'It is conntrack.min.'],
    [{}, 5, '163840', 'It is conntrack.maxPerCore for each of 5 processors.'],
    [{}, 32, '1048576', 'It is conntrack.maxPerCore for each of 32 processors.'],
    [{}, 33, '1048576', 'It is the most that conntrack.maxPerCore amounts to.'],
    [{ min: 2_000_000 }, 4, '2000000', 'It is conntrack.min.'],
    [{ min: 2_000_000 }, 64, '1048576', 'It is the most that conntrack.maxPerCore amounts to.'],
    [{ min: 0 }, 1, '32768', 'It is conntrack.maxPerCore for each of 1 processor.'],
    [{}, undefined, '131072', 'It is conntrack.min, because the number of processors is unknown.'],
  ])('with %j and %s processors is %s', (conntrack, processors, value, from) => {
    const found = maximum(conntrack, processors);
    expect(found?.element).toEqual({ kind: 'sysctl', name: max, value, atLeast: true });
    expect(found?.why.endsWith(` a node that has more keeps it. ${from}`)).toBe(true);
  });

  test.each([
    [{ maxPerCore: 0 }, 8],
    [{ maxPerCore: 0, min: 500_000 }, 8],
    [{ min: 0 }, undefined],
  ])('with %j and %s processors is left to the node', (conntrack, processors) => {
    expect(maximum(conntrack, processors)).toBeUndefined();
  });
});

test('the tutorial profile sets no limits', () => {
  const options: ProxyOptions = {
    ...withConntrack({ udpTimeout: 3 }),
    profile: 'tutorial',
    ipvsTimeouts: { tcp: 1, tcpFin: 2, udp: 3 },
  };
  const names = hostElements(options, parityFacts).map(({ element }) => ('name' in element ? element.name : ''));
  expect(names).toEqual(['ip_vs', 'net/ipv4/vs/conntrack', 'kube-ipvs0']);
  expect(unsetLimitLines(options, factsWith({ readOnly: [max] }), stateWith([max, '10']))).toEqual([]);
});

const stateWith = (...values: readonly (readonly [string, string])[]) =>
  new Map(values.map(([name, value]) => [`sysctl ${name}`, { kind: 'sysctl' as const, name, value }]));

describe('what cannot be set', () => {
  const facts = factsWith({ readOnly: [max, buckets] });

  test('is left out', () =>
    expect(lines(parityOptions, facts)).toEqual(['tcp_timeout_established=86400', 'tcp_timeout_close_wait=3600']));

  test('is named in one line if it is too low', () =>
    expect(unsetLimitLines(parityOptions, facts, stateWith([max, '8192'], [buckets, '2048']))).toEqual([
      'net.netfilter.nf_conntrack_max is 8192 and should be at least 131072, net.netfilter.nf_conntrack_buckets is ' +
        '2048 and should be at least 32768: only the first network namespace of the machine can set that. Set it ' +
        'there, or set conntrack.maxPerCore to 0.',
    ]));

  test('is not named if it is high enough, or was not read', () => {
    expect(unsetLimitLines(parityOptions, facts, stateWith([max, '131072'], [buckets, '99999']))).toEqual([]);
    expect(unsetLimitLines(parityOptions, facts, stateWith())).toEqual([]);
    expect(unsetLimitLines(withConntrack({ maxPerCore: 0 }), facts, stateWith([max, '8192']))).toEqual([]);
  });
});
