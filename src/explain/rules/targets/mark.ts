import { type MaskedMark, markText, parseMark, withMark } from '../marks.js';
import type { RuleOption } from '../rule.js';
import type { TargetKind } from '../target.js';
import { unknownOptionOf } from './unknown-option.js';

const invertedBits = (bits: number): number => ~bits >>> 0;

/** The bits to clear and to invert, for each form. iptables-save prints `--set-xmark` for all of them. */
const forms: ReadonlyMap<string, (given: MaskedMark) => MaskedMark> = new Map(
  Object.entries({
    '--set-xmark': given => given,
    '--set-mark': ({ value, mask }) => ({ value, mask: (value | mask) >>> 0 }),
    '--and-mark': ({ value }) => ({ value: 0, mask: invertedBits(value) }),
    '--or-mark': ({ value }) => ({ value, mask: value }),
    '--xor-mark': ({ value }) => ({ value, mask: 0 }),
  } satisfies Record<string, (given: MaskedMark) => MaskedMark>),
);

/** Returns how an option changes a mark, or undefined if it is not understood. */
export function markChange({ name, values }: RuleOption): MaskedMark | undefined {
  const given = parseMark(values[0]);
  return given && forms.get(name)?.(given);
}

export const mark: TargetKind = {
  name: 'MARK',
  apply(options, packet) {
    const [option, ...more] = options;
    const change = option === undefined || more.length > 0 ? undefined : markChange(option);
    if (change === undefined) return unknownOptionOf('MARK', options);
    const changed = withMark(packet.mark, change);
    return { kind: 'continue', packet: { ...packet, mark: changed }, said: `mark ${markText(changed)}` };
  },
};
