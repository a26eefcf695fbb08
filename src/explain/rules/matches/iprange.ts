import { isIP } from 'node:net';
import { familyOf } from '../../../net/address.js';
import { addressBits } from '../../../net/address-bits.js';
import { matchKind, type OptionTest } from '../kinds.js';
import { answer, type MatchKind, unknown } from '../match.js';

const range =
  (end: 'source' | 'destination'): OptionTest =>
  ([text = ''], packet) => {
    const [first = '', last = first, more] = text.split('-');
    const address = packet[end];
    if (more !== undefined || isIP(first) === 0 || isIP(last) === 0)
      return unknown(`kproxy does not know the range ${text}`);
    if (familyOf(address) !== familyOf(first)) return answer(false);
    const bits = addressBits(address);
    return answer(bits >= addressBits(first) && bits <= addressBits(last));
  };

export const iprange: MatchKind = matchKind('iprange', {
  '--src-range': range('source'),
  '--dst-range': range('destination'),
});
