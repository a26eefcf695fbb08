import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Configuration, configurationOf } from '../../../src/proxy/configuration/configuration.js';
import { type FieldPath, fieldAt, fieldPaths } from '../../../src/proxy/configuration/fields.js';
import { isBooleanFlag, kubeProxyFlagAt, kubeProxyFlagNames } from '../../../src/proxy/configuration/flags.js';
import { configurationNotes } from '../../../src/proxy/configuration/notes.js';
import { recordLines, recordPath, samples } from './samples.js';

const header = { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration' };
const source = '--config file.yaml';

/** Returns a mapping with one field: `{ ipvs: { scheduler: 'rr' } }`. */
const mappingWith = (path: string, raw: unknown): Readonly<Record<string, unknown>> => {
  const [key = '', ...rest] = path.split('.');
  return { [key]: rest.length === 0 ? raw : mappingWith(rest.join('.'), raw) };
};
const fileWith = (path: string, raw: unknown) => ({ source, value: { ...header, ...mappingWith(path, raw) } });

const sampled = fieldPaths.filter((path): path is keyof typeof samples => path !== 'mode');
const valuesWith = (path: FieldPath, raw: unknown): Configuration['values'] =>
  configurationOf(fileWith(path, raw), new Map()).values;
const defaults = configurationOf(undefined, new Map()).values;

describe('the table of fields', () => {
  test('has those of the KubeProxyConfiguration of Kubernetes 1.37', () => {
    expect([...fieldPaths].sort()).toEqual([...recordLines('fields.txt')].sort());
  });

  test('has the defaults of kube-proxy, and no line is needed about them', () => {
    const value = parse(readFileSync(recordPath('defaults.yaml'), 'utf8'));
    const file = { source, value };
    const configuration = configurationOf(file, new Map());
    expect(configurationNotes(configuration, file)).toEqual([]);
    expect(configuration.values).toEqual({
      ...defaults,
      healthzBindAddress: '0.0.0.0:10256',
      metricsBindAddress: '127.0.0.1:10249',
      // kube-proxy writes that of its flags, which is another one than that of a file.
      'ipvs.minSyncPeriod': 1_000,
    });
  });

  test.each(sampled)('%s: another value than the default is used, or a line says what kproxy does instead', path => {
    const { raw } = samples[path];
    const file = fileWith(path, raw);
    const configuration = configurationOf(file, new Map());
    const { use } = fieldAt(path);
    expect(configuration.values).not.toEqual(defaults);
    expect(Object.entries(configuration.values).filter(([key]) => key !== path)).toEqual(
      Object.entries(defaults).filter(([key]) => key !== path),
    );
    const line = use.by === 'nothing' ? [`${source}: ${path}: not used: ${use.instead}`] : [];
    const expected: Partial<Record<FieldPath, readonly string[]>> = {
      featureGates: [`${source}, featureGates: NoSuchGate: not used: kproxy has no such feature gate`],
      'iptables.localhostNodePorts': [],
    };
    expect(configurationNotes(configuration, file)).toEqual(expected[path] ?? line);
  });

  test.each(fieldPaths)('%s: null is the default', path => {
    expect(valuesWith(path, null)).toEqual(defaults);
  });

  test.each(['', 0, '0s', []])('%j is the default of a field that is no pointer, and itself of one that is', zero => {
    for (const path of fieldPaths) {
      const reading = fieldAt(path).kind.read(zero);
      if (!('value' in reading)) continue;
      const { isPointer, kind, default: standard } = fieldAt(path);
      const isText = zero === '0s' && !kind.isDuration;
      const expected = isPointer || isText ? reading.value : standard;
      expect(valuesWith(path, zero)).toEqual({ ...defaults, [path]: expected });
    }
  });
});

describe('numbers', () => {
  const bit = (text: string) => fieldAt('iptables.masqueradeBit').kind.ofText(text);

  // Go's strconv.ParseInt with base 0, which kube-proxy parses its flags with.
  test.each([
    ['14', 14],
    ['+14', 14],
    ['-14', -14],
    ['0', 0],
    ['010', 8],
    ['0x1F', 31],
    ['0o17', 15],
    ['0b11', 3],
    ['1_000', 1_000],
    ['0x_10', 16],
  ])('%s as a flag is %d, as in kube-proxy', (text, number) => {
    expect(bit(text)).toBe(number);
  });

  test.each(['1.0', '1e3', '08', '0x', '_1', '1_', '1__0', '', ' 5', 'abc'])(
    '%j as a flag is no whole number',
    text => {
      expect(bit(text)).toBe(text);
    },
  );

  test('of the level of log lines are decimal', () => {
    const { kind } = fieldAt('logging.verbosity');
    expect(['4', '0x4', '1_0'].map(kind.ofText)).toEqual([4, '0x4', '1_0']);
  });

  test('with a point or exponent are those of Go', () => {
    const { kind } = fieldAt('clientConnection.qps');
    expect(['.5', '5.', '1e3', '-1.5', '.', 'e3'].map(kind.ofText)).toEqual([0.5, 5, 1_000, -1.5, '.', 'e3']);
  });
});

describe('the words of YAML 1.1', () => {
  test.each([
    ['yes', true],
    ['On', true],
    ['NO', false],
    ['off', false],
  ])('%s is %s in a file, as Kubernetes reads it', (word, value) => {
    expect(valuesWith('ipvs.strictARP', word)['ipvs.strictARP']).toBe(value);
  });

  test('do not count for other words', () => {
    expect(() => valuesWith('ipvs.strictARP', 'true')).toThrow('the KubeProxyConfiguration is invalid');
  });
});

test('a duration that Go cannot hold is none', () => {
  expect(() => valuesWith('ipvs.tcpTimeout', '10000000h')).toThrow('the KubeProxyConfiguration is invalid');
  expect(valuesWith('ipvs.tcpTimeout', '100000h')['ipvs.tcpTimeout']).toBe(360_000_000_000);
});

test('a name of blanks is refused, and an empty one is the default', () => {
  expect(() => valuesWith('hostnameOverride', '  ')).toThrow('the KubeProxyConfiguration is invalid');
  expect(valuesWith('hostnameOverride', '')).toEqual(defaults);
});

describe('feature gates', () => {
  const notesOf = (gates: Readonly<Record<string, boolean>>) => {
    const file = fileWith('featureGates', gates);
    return configurationNotes(configurationOf(file, new Map()), file);
  };
  const recordedGates = recordLines('feature-gates.txt').map(line => line.split('=') as [name: string, word: string]);

  test('need no line if they have their default, and are all named if they have not', () => {
    const gates = (isDefault: boolean) =>
      Object.fromEntries(recordedGates.map(([name, word]) => [name, (word === 'true') === isDefault]));
    expect(notesOf(gates(true))).toEqual([]);
    const lines = notesOf(gates(false)).join('\n');
    expect(recordedGates.filter(([name]) => !lines.includes(name))).toEqual([]);
  });

  test('of other programs are named in one line', () => {
    expect(notesOf({ AllAlpha: true, NoSuchGate: false, KubeProxyIPVS: false })).toEqual([
      `${source}, featureGates: KubeProxyIPVS=false: not used: kproxy has the ipvs mode only`,
      `${source}, featureGates: AllAlpha, NoSuchGate: not used: kproxy has none of these feature gates`,
    ]);
  });
});

describe('the table of flags', () => {
  const recorded = recordLines('flags.txt').map(line => line.slice(2).split(' ') as [string, string | undefined]);

  test('has those of kube-proxy 1.37, and knows which of them need no value', () => {
    expect(kubeProxyFlagNames.map(name => [name, isBooleanFlag(kubeProxyFlagAt(name))])).toEqual(
      recorded.map(([name, type]) => [name, type === undefined || name === 'version']).sort(),
    );
  });

  test.each(kubeProxyFlagNames)('--%s means the same as its field', name => {
    const flag = kubeProxyFlagAt(name);
    if (flag.does !== 'set' || flag.path === 'mode') return;
    const { raw, text } = samples[flag.path];
    const value = fieldAt(flag.path).kind.ofText(text);
    const byFlag = configurationOf(undefined, new Map([[flag.path, { flag: `--${name}`, value }]]));
    expect(byFlag.values).toEqual(valuesWith(flag.path, raw));
    expect(byFlag.originOf(flag.path)).toEqual({ from: 'flag', name: `--${name}` });
  });
});
