/** Returns the number of an open file for execa's `stdio`, whose types allow only the numbers 0 to 9. */
export const openFile = (number: number): 3 => number as 3;
