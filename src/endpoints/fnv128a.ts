/*
 * FNV-1a with 128 bits (draft-eastlake-fnv). The state is four 32-bit words, highest first. The prime is 2^88 + 0x13b,
 * so a multiplication is a multiplication by 0x13b plus a shift by 88 bits. Both are exact in doubles.
 */

const offsetBasis = [0x6c62272e, 0x07bb0142, 0x62b82175, 0x6295c58d] as const;
const primeLow = 0x13b;
const wordSize = 2 ** 32;

/** Returns the hash of a text's UTF-8 bytes as 32 hexadecimal digits, which sort like the hash's bytes. */
export function fnv128a(text: string): string {
  let [highest, high, low, lowest]: [number, number, number, number] = [...offsetBasis];
  for (const byte of Buffer.from(text, 'utf8')) {
    const mixed = (lowest ^ byte) >>> 0;
    const first = mixed * primeLow;
    const second = low * primeLow + Math.floor(first / wordSize);
    const third = high * primeLow + Math.floor(second / wordSize) + ((mixed << 24) >>> 0);
    const fourth = highest * primeLow + Math.floor(third / wordSize) + (mixed >>> 8) + ((low << 24) >>> 0);
    lowest = first >>> 0;
    low = second >>> 0;
    high = third >>> 0;
    highest = fourth >>> 0;
  }
  return [highest, high, low, lowest].map(word => word.toString(16).padStart(8, '0')).join('');
}
