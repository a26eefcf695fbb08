// Fails if a line of TypeScript or JavaScript is wider than the formatter allows: the formatter breaks code, but
// neither comments nor strings. Arguments: folders; default: src, test and scripts.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const limit = JSON.parse(readFileSync('biome.json', 'utf8')).formatter.lineWidth;
const folders = process.argv.length > 2 ? process.argv.slice(2) : ['src', 'test', 'scripts'];

const filesIn = folder =>
  readdirSync(folder, { recursive: true })
    .filter(name => /\.[jt]s$/.test(name))
    .sort()
    .map(name => join(folder, name));

/** Counts characters, not UTF-16 units. */
const widthOf = line => [...line].length;

const wideLinesOf = file =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map((line, index) => ({ place: `${file}:${index + 1}`, width: widthOf(line) }))
    .filter(({ width }) => width > limit);

const wideLines = folders.flatMap(filesIn).flatMap(wideLinesOf);
for (const { place, width } of wideLines) console.error(`${place}: ${width} characters, at most ${limit} are allowed`);
if (wideLines.length > 0) {
  console.error(`Lines that are too wide: ${wideLines.length}. Break these comments and strings into several lines.`);
  process.exitCode = 1;
}
