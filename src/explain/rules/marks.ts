/** A mark with its mask, as iptables-save prints it: `0x4000/0x4000`. Both are unsigned numbers of 32 bits. */
export interface MaskedMark {
  readonly value: number;
  readonly mask: number;
}

const allBits = 0xffffffff;

/** Parses `0x4000/0x4000` or `16384`, whose mask is all bits. Returns undefined for anything else. */
export function parseMark(text: string | undefined): MaskedMark | undefined {
  const [value, mask, more] = (text ?? '').split('/').map(bitsOf);
  if (value === undefined || more !== undefined) return undefined;
  return text?.includes('/') ? (mask === undefined ? undefined : { value, mask }) : { value, mask: allBits };
}

function bitsOf(text: string): number | undefined {
  if (!/^(0x[\da-f]+|\d+)$/i.test(text)) return undefined;
  const number = Number(text);
  return number > allBits ? undefined : number;
}

/** Returns true if a mark has the value in the bits of the mask. */
export const hasMark = (mark: number, { value, mask }: MaskedMark): boolean => (mark & mask) >>> 0 === value;

/** Clears the bits of the mask and inverts those of the value, as `--set-xmark` does. */
export const withMark = (mark: number, { value, mask }: MaskedMark): number => ((mark & ~mask) ^ value) >>> 0;

/** Returns a mark as iptables prints it. */
export const markText = (mark: number): string => `0x${mark.toString(16)}`;
