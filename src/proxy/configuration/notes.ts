import { quotedIfHostile } from '../../cluster/problems.js';
import type { Configuration, ConfigurationFile } from './configuration.js';
import { gateNotes } from './feature-gates.js';
import { type FieldPath, fieldAt, fieldPaths } from './fields.js';
import { fieldMeantBy, structureOf } from './structure.js';

/**
 * Returns one line about each thing that a file or flag says and that kproxy does not do, with what it does instead.
 * Values that equal kube-proxy's default need no line.
 */
export function configurationNotes(
  configuration: Configuration,
  file: ConfigurationFile | undefined,
): readonly string[] {
  const unused = fieldPaths.flatMap(path => unusedField(path, configuration));
  return [...unknownFields(file), ...grouped(unused), ...gateNotes(configuration)].map(quotedIfHostile);
}

interface Remark {
  /** The file, or nothing for a flag. */
  readonly source: string;
  readonly name: string;
  readonly instead: string;
}

function unusedField(path: FieldPath, { values, originOf }: Configuration): readonly Remark[] {
  const { use, default: standard } = fieldAt(path);
  const origin = originOf(path);
  if (use.by !== 'nothing' || origin.from === 'default') return [];
  const isAlike = [standard, ...use.alike].some(value => JSON.stringify(value) === JSON.stringify(values[path]));
  if (isAlike) return [];
  return origin.from === 'flag'
    ? [{ source: '', name: origin.name, instead: use.instead }]
    : [{ source: `${origin.source}: `, name: path, instead: use.instead }];
}

/** Writes fields with the same remark in one line. */
function grouped(remarks: readonly Remark[]): readonly string[] {
  const lines = new Map<string, { readonly start: string; readonly end: string; readonly names: string[] }>();
  for (const { source, name, instead } of remarks) {
    const key = JSON.stringify([source, instead]);
    const line = lines.get(key) ?? { start: source, end: instead, names: [] };
    line.names.push(name);
    lines.set(key, line);
  }
  return [...lines.values()].map(({ start, names, end }) => `${start}${names.join(', ')}: not used: ${end}`);
}

function unknownFields(file: ConfigurationFile | undefined): readonly string[] {
  if (file === undefined) return [];
  const { unknown } = structureOf(file.value);
  if (unknown.length === 0) return [];
  const names = unknown.map(path => {
    const meant = fieldMeantBy(path);
    return meant === undefined ? path : `${path} (${meant}?)`;
  });
  return [
    `${file.source}: no KubeProxyConfiguration of Kubernetes 1.37 has these fields, ignored: ${names.join(', ')}`,
  ];
}
