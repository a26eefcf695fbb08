import { unreadableReason } from '../../cluster/input-files.js';
import { isMapping, type Mapping } from '../../cluster/objects.js';
import { parseDocuments } from '../../cluster/parse.js';
import { quotedIfHostile } from '../../cluster/problems.js';
import { readInput } from '../../cluster/read-input.js';
import { repeatedYamlKey } from '../../cluster/repeated-key.js';
import { KproxyError } from '../../errors.js';
import { findConfiguration } from './config-map.js';
import type { ConfigurationFile } from './configuration.js';
import { valueText } from './value-text.js';

export interface ConfigurationReader {
  readonly readStdin: () => Promise<string>;
  readonly warn: (line: string) => void;
}

/**
 * Reads a KubeProxyConfiguration from a YAML or JSON file, or from standard input (`-`). A ConfigMap that holds one is
 * as good, alone or in a List: as `kubectl get configmap -o yaml` prints it.
 * @throws KproxyError configuration-invalid
 */
export async function readConfiguration(file: string, reader: ConfigurationReader): Promise<ConfigurationFile> {
  const source = `--config ${quotedIfHostile(file)}`;
  const text = await (file === '-' ? reader.readStdin() : readInput(file)).catch(error =>
    Promise.reject(unreadable(source, error)),
  );
  const outer = await onlyDocument(source, text, reader.warn);
  const inner = findConfiguration(source, outer);
  if (inner === undefined) return { source, value: outer };
  return { source: inner.source, value: await onlyDocument(inner.source, inner.text, reader.warn) };
}

async function onlyDocument(source: string, text: string, warn: ConfigurationReader['warn']): Promise<Mapping> {
  const values = await documentsOf(source, text, warn);
  const [value] = values;
  if (values.length !== 1) throw malformed(`${source}: has ${values.length} documents instead of one`);
  if (!isMapping(value)) throw malformed(`${source}: is not a mapping of fields: ${valueText(value)}`);
  return value;
}

/** Parses as kube-proxy does: of a field that is there twice the last value counts, and a line says so. */
async function documentsOf(
  source: string,
  text: string,
  warn: ConfigurationReader['warn'],
): Promise<readonly unknown[]> {
  try {
    return (await parseDocuments(source, text)).map(({ value }) => value);
  } catch (error) {
    if (!(error instanceof KproxyError)) throw error;
    if (!error.message.includes(repeatedYamlKey)) throw malformed(error.message, error);
    const { parseYaml } = await import('../../cluster/yaml.js');
    const result = parseYaml(text, { mayRepeatKeys: true });
    if (!result.ok) throw malformed(error.message, error);
    warn(`${error.message.replace(repeatedYamlKey, 'a field is there twice')}: the last value counts`);
    return result.values;
  }
}

const unreadable = (source: string, error: NodeJS.ErrnoException): KproxyError =>
  new KproxyError({
    message: `${source}: cannot be read: ${unreadableReason(error)}`,
    advice: 'Give --config a file that holds a KubeProxyConfiguration. Nothing was changed.',
    code: 'configuration-invalid',
    cause: error,
  });

const malformed = (message: string, cause?: unknown): KproxyError =>
  new KproxyError({
    message,
    advice: 'Correct this file. Nothing was changed.',
    code: 'configuration-invalid',
    cause,
  });
