import { matchKind, type OptionTest } from '../kinds.js';
import { hasMark, parseMark } from '../marks.js';
import { answer, type MatchKind, no, unknown } from '../match.js';

const markTest =
  (name: 'mark' | 'connectionMark'): OptionTest =>
  ([text], packet) => {
    const mark = parseMark(text);
    return mark === undefined ? unknown(`kproxy does not know the mark ${text}`) : answer(hasMark(packet[name], mark));
  };

export const mark: MatchKind = matchKind('mark', { '--mark': markTest('mark') });

const connectionMark = matchKind('connmark', { '--mark': markTest('connectionMark') });

/** The mark of the connection. A packet without one fits not even `!`. Source: connmark_mt in xt_connmark.c. */
export const connmark: MatchKind = {
  name: 'connmark',
  test: (options, packet, node) =>
    packet.state === 'UNTRACKED' || packet.state === 'INVALID' ? no : connectionMark.test(options, packet, node),
};
