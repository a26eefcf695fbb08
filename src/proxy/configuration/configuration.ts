import { isMapping } from '../../cluster/objects.js';
import { quotedIfHostile } from '../../cluster/problems.js';
import { KproxyError } from '../../errors.js';
import { goDuration } from './duration.js';
import { type Field, type FieldPath, type FieldValues, fieldAt, fieldPaths } from './fields.js';
import { structureOf } from './structure.js';
import { valueText } from './value-text.js';

/** A KubeProxyConfiguration as it was read. */
export interface ConfigurationFile {
  /** What names it in messages: `--config kube-proxy.yaml`, with `, data["config.conf"]` in a ConfigMap. */
  readonly source: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The flags of the command line that stand for fields, by field: the flag's name, and the value as a file has it. */
export type FlagValues = ReadonlyMap<FieldPath, FlagValue>;

export interface FlagValue {
  readonly flag: string;
  readonly value: unknown;
}

/** What flags, configuration file and defaults amount to. */
export interface Configuration {
  readonly values: FieldValues;
  /** Where a field's value comes from. */
  readonly originOf: (path: FieldPath) => Origin;
}

type Origin =
  | { readonly from: 'default' }
  /** `name` is what messages call the value: `--ipvs-scheduler`, or `--config FILE, ipvs.scheduler`. */
  | { readonly from: 'flag'; readonly name: string }
  | { readonly from: 'file'; readonly name: string; readonly source: string };

interface Found {
  readonly origin: Origin;
  readonly raw: unknown;
}

/**
 * Returns the value of every field: of the flag, else of the file, else kube-proxy's default.
 * @throws KproxyError option-invalid for a flag, configuration-invalid for the fields of the file
 */
export function configurationOf(file: ConfigurationFile | undefined, flags: FlagValues): Configuration {
  const found = new Map(fieldPaths.map(path => [path, find(path, file, flags)]));
  const problems = file === undefined ? [] : [...structureOf(file.value).problems];
  const values = fieldPaths.map(path => {
    const field = fieldAt(path);
    const { origin, raw } = found.get(path) as Found;
    if (origin.from === 'default') return [path, field.default] as const;
    const reading = field.kind.read(raw);
    if ('value' in reading) return [path, reading.value] as const;
    if (origin.from === 'flag') throw invalidFlag(origin.name, reading.problem, raw);
    problems.push(`${path}: ${reading.problem}: ${valueText(raw)}`);
    return [path, field.default] as const;
  });
  if (file !== undefined && problems.length > 0) throw invalidFields(file.source, problems);
  return {
    values: Object.fromEntries(values) as unknown as FieldValues,
    originOf: path => (found.get(path) as Found).origin,
  };
}

function find(path: FieldPath, file: ConfigurationFile | undefined, flags: FlagValues): Found {
  const flag = flags.get(path);
  if (flag !== undefined) return { origin: { from: 'flag', name: flag.flag }, raw: flag.value };
  const raw = file === undefined ? undefined : valueAtPath(file.value, path.split('.'));
  if (file === undefined || isUnset(raw, fieldAt(path))) return { origin: { from: 'default' }, raw: undefined };
  return { origin: { from: 'file', name: `${file.source}, ${path}`, source: file.source }, raw };
}

function valueAtPath(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  return isMapping(value) && Object.hasOwn(value, key) ? valueAtPath(value[key], rest) : undefined;
}

/** Returns true if Kubernetes takes a value as not set: null always, and for most fields empty values and zero too. */
function isUnset(raw: unknown, { isPointer, kind }: Field<unknown>): boolean {
  if (raw === null || raw === undefined) return true;
  if (isPointer) return false;
  if (kind.isDuration && typeof raw === 'string' && goDuration(raw) === 0) return true;
  return raw === '' || raw === 0 || (Array.isArray(raw) && raw.length === 0);
}

/** Returns the error for a value that its field takes and that is wrong nonetheless. It names the flag or the field. */
export function wrongValue({ originOf }: Configuration, path: FieldPath, problem: string, advice: string): KproxyError {
  const origin = originOf(path);
  return new KproxyError({
    message: `${origin.from === 'default' ? path : origin.name}: ${problem}`,
    advice: `${advice} Nothing was changed.`,
    code: origin.from === 'file' ? 'configuration-invalid' : 'option-invalid',
  });
}

const invalidFlag = (flag: string, problem: string, raw: unknown): KproxyError =>
  new KproxyError({
    message: `${flag}: ${problem}: ${valueText(raw)}`,
    advice: 'Correct it, or leave it out. Nothing was changed.',
    code: 'option-invalid',
  });

const invalidFields = (source: string, problems: readonly string[]): KproxyError =>
  new KproxyError({
    message: `${source}: the KubeProxyConfiguration is invalid`,
    evidence: problems.map(quotedIfHostile).join('\n'),
    advice: 'Fix or remove the fields named above. Nothing was changed.',
    code: 'configuration-invalid',
  });
