import { readFile } from 'node:fs/promises';
import { parseDocuments } from '../../cluster/parse.js';
import { problemsOf } from '../../cluster/problems.js';
import { KproxyError, messageOf } from '../../errors.js';
import { configurationSchema, type KubeProxyConfiguration, reportFields } from './kube-proxy-configuration.js';

const invalid = (file: string, problems: readonly string[], cause?: unknown): KproxyError =>
  new KproxyError({
    message: `--config ${file}: the KubeProxyConfiguration is invalid`,
    evidence: problems.join('\n'),
    advice: 'Fix or remove the fields named above. Nothing was changed.',
    code: 'configuration-invalid',
    cause,
  });

/**
 * Reads a KubeProxyConfiguration from a YAML or JSON file. Warns about fields that kproxy does not use.
 * @throws KproxyError configuration-invalid, also for fields that Kubernetes does not have
 */
export async function readConfiguration(file: string, warn: (line: string) => void): Promise<KubeProxyConfiguration> {
  const text = await readFile(file, 'utf8').catch(cause => {
    throw invalid(file, [messageOf(cause)], cause);
  });
  const documents = await parseDocuments(file, text);
  const value = documents[0]?.value;
  if (documents.length !== 1) throw invalid(file, [`it has ${documents.length} documents instead of one`]);
  const parsed = configurationSchema.safeParse(value);
  if (!parsed.success) throw invalid(file, problemsOf(parsed.error, value));
  const { unknown, unsupported } = reportFields(value);
  if (unknown.length > 0)
    throw invalid(
      file,
      unknown.map(path => `${path}: no KubeProxyConfiguration has this field`),
    );
  if (unsupported.length > 0) warn(`--config ${file}: kproxy does not use these fields: ${unsupported.join(', ')}`);
  return parsed.data;
}
