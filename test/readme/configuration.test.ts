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

/** The fields that options of kproxy's own set: the README explains those. */
const withOwnOption: readonly string[] = [
  ...['clientConnection.kubeconfig', 'clusterCIDR', 'hostnameOverride', 'iptables.masqueradeAll', 'nodePortAddresses'],
  ...['ipvs.excludeCIDRs', 'ipvs.scheduler', 'ipvs.strictARP', 'ipvs.syncPeriod'],
  ...['healthzBindAddress', 'metricsBindAddress'],
];
/** The README explains these in sentences. */
const inSentences: readonly string[] = ['featureGates', 'mode'];

test('the README lists every other field that is used, with its flag and whether it is for --watch', () => {
  const readme = readFileSync('README.md', 'utf8');
  const [, table = ''] = /\| field +\| flag .*\n\|[- |]*\|\n((?:\|.*\n)*)/.exec(readme) ?? [];
  const listed = table.split('\n').flatMap(row => {
    const [, fields = '', flags = ''] = row.split('|');
    const names = (text: string) => [...text.matchAll(/`(?:--?)?([\w.-]+)`/g)].map(([, name = '']) => name);
    const when = fields.includes('*') ? 'watch' : 'every command';
    return names(fields).map((path, index) => `${path} ${names(flags)[index]} ${when}`);
  });
  const expected = kubeProxyFlagNames.flatMap(name => {
    const flag = kubeProxyFlagAt(name);
    if (flag.does !== 'set' || [...withOwnOption, ...inSentences].includes(flag.path)) return [];
    const { use } = fieldAt(flag.path);
    return use.by === 'nothing' ? [] : [`${flag.path} ${name} ${use.by}`];
  });
  expect(listed.sort()).toEqual(expected.sort());
});
