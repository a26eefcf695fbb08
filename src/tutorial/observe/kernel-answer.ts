import type { KernelAnswer } from './observed.js';
import { chainsIn } from './parse/chains.js';
import { linksIn } from './parse/links.js';
import { setsIn } from './parse/sets.js';
import { virtualServersIn } from './parse/virtual-servers.js';
import type { WorkerTexts } from './worker-texts.js';

/**
 * Parses what the tools of a worker print. Everything of other software is part of the answer too.
 * @throws SyntaxError or ZodError if a text is cut off or not the tool's
 */
export const kernelAnswerOf = ({ ipset, iptables, addresses, ipVs, stats, sysctls }: WorkerTexts): KernelAnswer => ({
  sets: setsIn(ipset),
  chains: chainsIn(iptables),
  links: linksIn(addresses),
  virtualServers: virtualServersIn(ipVs, stats),
  sysctls: sysctlsIn(sysctls),
});

const sysctlsIn = (text: string): ReadonlyMap<string, string> =>
  new Map(Array.from(text.matchAll(/^([^=\n]+)=(.*)$/gm), ([, name = '', value = '']) => [name, value.trim()]));
