import { readFile } from 'node:fs/promises';
import { unreadableReason } from '../../cluster/input-files.js';
import { isMapping } from '../../cluster/objects.js';
import { parseDocuments } from '../../cluster/parse.js';
import { problemsOf, quotedIfHostile } from '../../cluster/problems.js';
import { KproxyError } from '../../errors.js';
import { configurationSchema, type KubeProxyConfiguration, reportFields } from './kube-proxy-configuration.js';

/**
 * Reads a KubeProxyConfiguration from a YAML or JSON file. Warns about fields that kproxy does not use.
 * @throws KproxyError configuration-invalid, also for fields that Kubernetes does not have
 */
export async function readConfiguration(file: string, warn: (line: string) => void): Promise<KubeProxyConfiguration> {
  const source = `--config ${quotedIfHostile(file)}`;
  const text = await readFile(file, 'utf8').catch(error => Promise.reject(unreadable(source, error)));
  const value = await onlyDocument(source, text);
  const parsed = configurationSchema.safeParse(value);
  if (!parsed.success) throw invalidFields(source, problemsOf(parsed.error, value));
  const { unknown, unsupported } = reportFields(value);
  if (unknown.length > 0)
    throw invalidFields(
      source,
      unknown.map(path => `${quotedIfHostile(path)}: no KubeProxyConfiguration has this field`),
    );
  if (unsupported.length > 0) warn(`${source}: kproxy does not use these fields: ${unsupported.join(', ')}`);
  return parsed.data;
}

async function onlyDocument(source: string, text: string): Promise<unknown> {
  const documents = await parseDocuments(source, text).catch((error: unknown) => {
    throw error instanceof KproxyError ? malformed(error.message, error) : error;
  });
  const value = documents[0]?.value;
  if (documents.length !== 1) throw malformed(`${source}: has ${documents.length} documents instead of one`);
  if (!isMapping(value)) throw malformed(`${source}: is not a mapping of fields: ${JSON.stringify(value)}`);
  return value;
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

const invalidFields = (source: string, problems: readonly string[]): KproxyError =>
  new KproxyError({
    message: `${source}: the KubeProxyConfiguration is invalid`,
    evidence: problems.join('\n'),
    advice: 'Fix or remove the fields named above. Nothing was changed.',
    code: 'configuration-invalid',
  });
