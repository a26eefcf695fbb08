import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const project = new URL('../../', import.meta.url).pathname;
const dist = join(project, 'dist');

/** The packages of the built scripts. esbuild names each module by its path. */
const scripts = readdirSync(dist).filter(name => name.endsWith('.js'));
const packages = [
  ...new Set(
    scripts
      .flatMap(name => [...readFileSync(join(dist, name), 'latin1').matchAll(/"(node_modules\/[^"]+)"/g)])
      .flatMap(([, path = '']) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  ),
];

test('the licenses of all packages in the program are beside it', () => {
  const text = readFileSync(join(dist, 'THIRD-PARTY-LICENSES'), 'utf8');
  expect(packages).toEqual(expect.arrayContaining(['node_modules/commander', 'node_modules/zod']));
  const headings = packages.map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(join(project, folder, 'package.json'), 'utf8'));
    return `\n${name} ${version}\nLicense: ${license}\n\n`;
  });
  expect(headings.filter(heading => !text.includes(heading))).toEqual([]);
  expect(text.match(/^License: /gm)).toHaveLength(packages.length);
});
