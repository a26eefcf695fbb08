/** Returns milliseconds as seconds: `1.2`. */
export const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
