// Collects the licences of the npm packages whose modules the program contains. Each of these licences asks that its
// text goes with copies of the software, and the bundle has no comments.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const heading = `kproxy contains the following software, each under its own license.
The license of kproxy itself is in LICENSE.
`;

/** The name of the file in dist/. */
export const licensesFile = 'THIRD-PARTY-LICENSES';

/** The folder of the package that a module belongs to: the part up to the last name below a node_modules. */
const packageFolder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** Files whose text must go with copies. */
const licenseName = /^(licen[cs]e|copying)(\.(md|txt))?$/i;
/** The Apache License asks to pass this one on too. */
const noticeName = /^notice(\.(md|txt))?$/i;

/**
 * Returns the folders of the packages that modules belong to, sorted.
 * @param {Iterable<string>} modules the paths of a build's inputs
 */
export function packageFolders(modules) {
  const folders = [...modules].flatMap(path => packageFolder.exec(path)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/**
 * Returns the text with the name, version and licence of each package.
 * @throws Error that names every package without a licence, or without its text
 * @param {readonly string[]} folders
 */
export async function licensesText(folders) {
  const packages = await Promise.all(folders.map(readPackage));
  const problems = packages.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0)
    throw new Error(`${problems.join('\n')}\nNothing was built. Do without these packages, or ask their authors.`);
  return [heading, ...packages.map(({ text }) => text)].join(`\n${'='.repeat(80)}\n\n`);
}

async function readPackage(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).sort();
  const texts = files.filter(file => licenseName.test(file));
  if (typeof license !== 'string' || /^(UNLICENSED|SEE LICENSE IN .*)?$/.test(license))
    return { problem: `${folder}: package.json of ${name} ${version} names no license.` };
  if (texts.length === 0) return { problem: `${folder}: ${name} ${version} has no file with its license.` };
  const parts = await Promise.all(
    [...texts, ...files.filter(file => noticeName.test(file))].map(file => readFile(join(folder, file), 'utf8')),
  );
  // Some of the files have the line ends of Windows.
  const text = parts.map(part => part.replaceAll('\r\n', '\n').replace(/^\s*\n|\s+$/g, '')).join('\n\n');
  return { text: `${name} ${version}\nLicense: ${license}\n\n${text}\n` };
}
