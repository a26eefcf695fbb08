import { addressText, runIp } from '../ip.js';
import { type FakeAddress, type FakeKernel, type FakeLink, freshKernel } from '../kernel.js';
import { sortedKeys, type TextPart, wrong } from './part.js';

/**
 * `ip link add kube-ipvs0 type dummy`, `ip addr add 10.96.0.1/32 dev kube-ipvs0`. What a fresh machine has is left out,
 * and removed (`del`) if the kernel lacks it.
 */
export const ipPart: TextPart = {
  print: kernel => {
    const fresh = freshKernel().links;
    const removed = sortedKeys(fresh).filter(name => fresh.get(name)?.type !== kernel.links.get(name)?.type);
    const kept = new Map([...fresh].filter(([name]) => kernel.links.has(name) && !removed.includes(name)));
    return [
      ...removed.map(name => `link del ${name}`),
      ...sortedKeys(kernel.links).flatMap(name => linkLines(name, kernel.links.get(name) as FakeLink, kept.get(name))),
    ];
  },
  run: (kernel, words) => {
    const [object, verb, name = '', ...rest] = words;
    if (object === 'link' && verb === 'add') addLink(kernel, name, rest);
    else if ((object === 'link' && verb === 'del') || object === 'addr') runStrictly(kernel, words);
    else wrong('ip', words);
  },
};

function linkLines(name: string, link: FakeLink, fresh: FakeLink | undefined): readonly string[] {
  const [before, after] = [fresh?.addresses ?? [], link.addresses].map(addresses => addresses.map(words).sort());
  const only = (some: readonly string[] = [], others: readonly string[] = []) =>
    some.filter(text => !others.includes(text)).map(text => text.replace(' dev', ` dev ${name}`));
  return [
    ...(fresh === undefined ? [`link add ${name}${link.type === undefined ? '' : ` type ${link.type}`}`] : []),
    ...only(before, after).map(text => `addr del ${text}`),
    ...only(after, before).map(text => `addr add ${text}`),
  ];
}

const words = (address: FakeAddress): string =>
  `${addressText(address)} dev${address.expires === true ? ' valid_lft 60 preferred_lft 60' : ''}`;

/** Adds a device of any type, unlike kproxy. */
function addLink({ links }: FakeKernel, name: string, [word, type, ...more]: readonly string[]): void {
  const isKnown = (word === undefined || (word === 'type' && type !== undefined)) && more.length === 0;
  if (!isKnown || links.has(name)) wrong('ip', ['link', 'add', name, String(word), String(type)]);
  links.set(name, { type, addresses: [] });
}

function runStrictly(kernel: FakeKernel, words: readonly string[]): void {
  const { exitCode, stderr } = runIp(kernel, words, '');
  if (exitCode !== 0) wrong('ip', words, stderr.trim());
}
