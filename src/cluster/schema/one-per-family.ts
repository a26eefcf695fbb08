import { familyOf } from '../../net/address.js';

/** Returns the index of the first address whose family an earlier one has, or -1. Skips other words (`None`). */
export const indexOfSecond = (addresses: readonly string[]): number =>
  addresses.findIndex((address, index) => {
    const isSame = (other: string) => isAddress(other) && familyOf(other) === familyOf(address);
    return isAddress(address) && addresses.findIndex(isSame) < index;
  });

export const isAddress = (text: string): boolean => text !== '' && text !== 'None';
