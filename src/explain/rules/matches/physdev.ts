import type { Packet } from '../../trace/packet.js';
import { unknownOption } from '../kinds.js';
import { type Answer, answer, both, type MatchKind, signed, unknown } from '../match.js';
import type { RuleOption } from '../rule.js';
import { isDevice } from './own-options.js';

/**
 * The ports of a bridge. A packet that did not come through one fits only options after `!`. Only packets that the
 * bridge itself forwards have a port through which they leave. Source: physdev_mt in xt_physdev.c.
 */
export const physdev: MatchKind = {
  name: 'physdev',
  test: (options, packet) => both(options.map(option => optionAnswer(option, packet))),
};

function optionAnswer(option: RuleOption, packet: Packet): Answer {
  const { bridgePortIn: portIn, bridgePortOut: portOut } = packet;
  if (!knownOptions.includes(option.name)) return unknownOption('physdev', option);
  if (portIn === undefined && portOut === undefined) return answer(option.isNegated);
  const pattern = option.values[0] ?? '';
  switch (option.name) {
    case '--physdev-is-in':
      return signed(option, answer(portIn !== undefined));
    case '--physdev-is-out':
    case '--physdev-is-bridged':
      return signed(option, answer(portOut !== undefined));
    case '--physdev-in':
      return portIn === undefined ? answer(true) : signed(option, portAnswer(portIn, pattern));
    default:
      return portOut === undefined ? answer(false) : signed(option, portAnswer(portOut, pattern));
  }
}

const knownOptions: readonly string[] = [
  '--physdev-is-in',
  '--physdev-is-out',
  '--physdev-is-bridged',
  '--physdev-in',
  '--physdev-out',
];

/** Any port has a name that begins with nothing. */
const portAnswer = (port: string, pattern: string): Answer =>
  port === 'unknown' && pattern !== '+'
    ? unknown('kproxy does not know through which port of the bridge the packet passes')
    : answer(isDevice(port, pattern));
