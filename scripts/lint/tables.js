// Fails if a table with texts as keys is a plain object: every plain object has `constructor` and `__proto__`, and a
// name from outside may be one of them. src/table.ts makes tables without them.
// Arguments: folders; default: src.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folders = process.argv.length > 2 ? process.argv.slice(2) : ['src'];

/** A constant whose type allows any key. TypeScript refuses to search all others for any text. */
const plainTable = /^(?:export )?const (\w+): (?:Readonly<)?Record<string, (?:[^=]|=>)*>{1,4} = (?:\{|Object\.)/gm;

const filesIn = folder =>
  readdirSync(folder, { recursive: true })
    .filter(name => name.endsWith('.ts'))
    .sort()
    .map(name => join(folder, name));

function placesIn(file) {
  const text = readFileSync(file, 'utf8');
  return Array.from(text.matchAll(plainTable), found => {
    const line = text.slice(0, found.index).split('\n').length;
    return `${file}:${line}: ${found[1]} is a plain object`;
  });
}

const places = folders.flatMap(filesIn).flatMap(placesIn);
for (const place of places) console.error(place);
if (places.length > 0) {
  console.error(`Tables that have keys like "constructor": ${places.length}. Make them with table() of src/table.ts.`);
  process.exitCode = 1;
}
