import { readFile } from 'node:fs/promises';
import { parseDocuments } from '../../cluster/parse.js';
import { problemsOf } from '../../cluster/problems.js';
import { KproxyError } from '../../errors.js';
import { configurationSchema, type KubeProxyConfiguration, reportFields } from './kube-proxy-configuration.js';

const unusable = (file: string, problems: readonly string[], cause?: unknown): KproxyError =>
  new KproxyError({
    message: `--config ${file}: the KubeProxyConfiguration cannot be used`,
    evidence: problems.join('\n'),
    advice: 'Mend or remove the fields that are named. Nothing was changed.',
    code: 'configuration-invalid',
    cause,
  });

/**
 * Reads a KubeProxyConfiguration from a YAML or JSON file. Fields that kproxy does not honour are named in a warning, fields that nobody knows are an error.
 * @throws KproxyError (exit code 2)
 */
export async function readConfiguration(file: string, warn: (line: string) => void): Promise<KubeProxyConfiguration> {
  const text = await readFile(file, 'utf8').catch(cause => {
    throw unusable(file, [cause instanceof Error ? cause.message : String(cause)], cause);
  });
  const documents = await parseDocuments(file, text);
  const value = documents[0]?.value;
  if (documents.length !== 1) throw unusable(file, [`it has ${documents.length} documents instead of one`]);
  const parsed = configurationSchema.safeParse(value);
  if (!parsed.success) throw unusable(file, problemsOf(parsed.error, value));
  const { unknown, unsupported } = reportFields(value);
  if (unknown.length > 0)
    throw unusable(
      file,
      unknown.map(path => `${path}: no KubeProxyConfiguration has this field`),
    );
  if (unsupported.length > 0) warn(`--config ${file}: not honoured by kproxy: ${unsupported.join(', ')}`);
  return parsed.data;
}
