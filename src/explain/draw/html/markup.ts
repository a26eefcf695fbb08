import { type Table, table } from '../../../table.js';
/** HTML or SVG text in which everything from outside is escaped. Only this file makes them. */
export interface Markup {
  readonly markup: string;
}

/** What a template takes. Text is escaped, markup is not. Lists are joined. Undefined and false are left out. */
export type Part = string | number | Markup | undefined | false | readonly Part[];

const entities: Table<string> = table({
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
});

/** Returns a text so that it is only text in an element or a quoted attribute. */
const escapeText = (text: string): string => text.replace(/[&<>"']/g, character => entities[character] as string);

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string') return escapeText(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(textOf).join('');
}

/** A template tag: escapes everything that is put into the template and is not markup itself. */
export const markup = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  markup: strings.map((text, index) => (index === 0 ? text : textOf(parts[index - 1]) + text)).join(''),
});

/** Returns a style sheet or script of this program as markup. Never give it a text from elsewhere. */
export const trusted = (text: string): Markup => ({ markup: text });
