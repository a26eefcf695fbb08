import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fieldAt, fieldPaths } from '../../src/proxy/configuration/fields.js';
import { kubeProxyFlagAt, kubeProxyFlagNames } from '../../src/proxy/configuration/flags.js';

/** Returns the rows of the README's table: what is not used, by what kproxy does instead. */
function expectedRows(): readonly string[] {
  const byReason = new Map<string, string[]>();
  const add = (name: string, instead: string) =>
    void byReason.set(instead, [...(byReason.get(instead) ?? []), `\`${name}\``]);
  for (const path of fieldPaths) {
    const { use } = fieldAt(path);
    if (use.by === 'nothing') add(path, `${use.instead}.`);
  }
  for (const name of kubeProxyFlagNames) {
    const flag = kubeProxyFlagAt(name);
    if (flag.does === 'refuse') add(`--${name}`, `It is refused. ${flag.instead}`);
  }
  return [...byReason].map(([instead, names]) => `| ${names.join(', ')} | ${instead} |`);
}

test('the README lists what of kube-proxy’s configuration is not used, and what kproxy does instead', () => {
  const readme = readFileSync('README.md', 'utf8');
  const [, table = ''] = /\| field, or flag for a task .*\n\|[- |]*\|\n((?:\|.*\n)*)/.exec(readme) ?? [];
  const rows = table
    .trimEnd()
    .split('\n')
    .map(row => row.replace(/ +/g, ' '));
  expect(rows).toEqual(expectedRows());
});
