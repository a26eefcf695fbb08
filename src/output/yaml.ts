import { replaceHidden } from '../visible.js';

/**
 * YAML in kubectl's layout: two spaces, list items under their key without indentation, fields that are undefined left
 * out. Written here rather than with a library since a text must mean the same to readers of YAML 1.1 (kubectl) and
 * 1.2, which no setting of it says. Takes what JSON can say.
 */
export function toYaml(value: object): string {
  return `${block(value, '').trimStart()}\n`;
}

/** A value after its key: on the same line where it is short, else on lines of its own. */
function block(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? ' []' : value.map(item => `\n${indent}-${inItem(item, indent)}`).join('');
  }
  if (value === null || typeof value !== 'object') return ` ${scalar(value)}`;
  const lines = fieldLines(value, indent);
  return lines.length === 0 ? ' {}' : lines.map(line => `\n${indent}${line}`).join('');
}

/** The first field of a mapping in a list stands behind the dash. */
function inItem(item: unknown, indent: string): string {
  const text = block(item, `${indent}  `);
  return text.startsWith('\n') ? ` ${text.trimStart()}` : text;
}

function fieldLines(fields: object, indent: string): readonly string[] {
  return Object.entries(fields).flatMap(([key, field]) => {
    if (field === undefined) return [];
    return [`${scalar(key)}:${block(field, Array.isArray(field) ? indent : `${indent}  `)}`];
  });
}

const scalar = (value: unknown): string =>
  typeof value === 'string' && !isPlainText(value) ? quoted(value) : String(value);

/** Texts that no reader of YAML takes for a number (some read `e0` and `e-0` as one), a date, a boolean or syntax. */
function isPlainText(text: string): boolean {
  if (/^(\d{1,3}\.){3}\d{1,3}$/.test(text)) return true;
  return /^[A-Za-z][A-Za-z0-9._/-]*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null|e-?\d+)$/i.test(text);
}

/** A JSON string is a double-quoted YAML string once the characters are escaped that YAML or a terminal hides. */
const quoted = (text: string): string => replaceHidden(JSON.stringify(text), escaped);

/** YAML takes no two escapes for one character, as JSON does. */
function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
