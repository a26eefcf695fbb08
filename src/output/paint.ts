import { Chalk } from 'chalk';

/** Adds colors to text, or returns the text as it is. */
export type Paint = Record<'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan', (text: string) => string>;

/** The 16 colors that every terminal has are enough. */
export const paintWith = (isColored: boolean): Paint => new Chalk({ level: isColored ? 1 : 0 });
