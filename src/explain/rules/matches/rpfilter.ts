import { findRoute } from '../../datapath/routing.js';
import type { Packet } from '../../trace/packet.js';
import { unknownOption } from '../kinds.js';
import { answer, both, type MatchKind, negated } from '../match.js';

const known: ReadonlySet<string> = new Set(['--loose', '--validmark', '--accept-local', '--invert']);

/**
 * Fits a packet whose source is reached through the device that the packet came from: what the kernel's own `rp_filter`
 * checks, for both families. Source: ipt_rpfilter.c.
 */
export const rpfilter: MatchKind = {
  name: 'rpfilter',
  test(options, packet, node) {
    const has = (name: string) => options.some(option => option.name === name);
    const strange = options.filter(({ name }) => !known.has(name)).map(option => unknownOption('rpfilter', option));
    const { source, destination, inputDevice } = packet;
    const back = findRoute(node, {
      ...{ destination: source, source: destination },
      mark: has('--validmark') ? packet.mark : 0,
    });
    const isBack =
      isFromHere(packet) ||
      (back.kind === 'local' && has('--accept-local')) ||
      (back.kind === 'unicast' && (has('--loose') || back.device === inputDevice));
    const fits = answer(isBack, { text: `${source} is ${isBack ? '' : 'not '}reached through ${inputDevice}` });
    return both([...strange, has('--invert') ? negated(fits) : fits]);
  },
};

const isFromHere = ({ inputDevice }: Packet): boolean => inputDevice === undefined || inputDevice === 'lo';
