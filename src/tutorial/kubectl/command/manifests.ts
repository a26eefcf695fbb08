import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KubectlFailure } from '../failure.js';
import { type Kind, kindNamed } from '../objects/kinds.js';
import { isMapping, type KubeObject, listOf, type Mapping, mappingOf } from '../objects/object.js';
import type { Session } from './session.js';

/** An object of a file or of standard input. */
export interface Manifest {
  /** As kubectl names it in messages: `STDIN`, or the file's path. */
  readonly source: string;
  readonly kind: Kind;
  readonly object: KubeObject;
}

/**
 * Reads the objects of all `-f`. Reports those that are no objects of a known kind, and goes on.
 * @throws KubectlFailure if a file cannot be read or parsed
 */
export async function readManifests(session: Session): Promise<readonly Manifest[]> {
  const { options } = session;
  if (options.text('kustomize') !== undefined)
    throw new KubectlFailure("error: this kubectl is the lesson's stand-in, and has no kustomize");
  const paths = options.texts('filename').flatMap(text => text.split(','));
  if (paths.filter(path => path === '-').length > 1)
    throw new KubectlFailure('error: standard input cannot be used for multiple arguments');
  const manifests: Manifest[] = [];
  for (const path of paths) {
    for (const { source, text } of await textsOf(path, session))
      for (const value of (await parse(source, text)).flatMap(itemsOf)) {
        const manifest = asReported(session, () => manifestOf(source, value, session));
        if (manifest !== undefined) manifests.push(manifest);
      }
  }
  return manifests;
}

function asReported<Value>({ report }: Session, read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    report(error);
    return undefined;
  }
}

interface SourceText {
  readonly source: string;
  readonly text: string;
}

const manifestFile = /\.(json|ya?ml)$/;

async function textsOf(path: string, { io }: Session): Promise<readonly SourceText[]> {
  if (path === '-') return [{ source: 'STDIN', text: await io.readStdin() }];
  if (/^https?:/.test(path))
    throw new KubectlFailure(
      "error: this kubectl is the lesson's stand-in, and reads no URL. Download the file first.",
    );
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new KubectlFailure(`error: the path ${JSON.stringify(path)} does not exist`);
  if (!found.isDirectory()) return [{ source: path, text: readText(path) }];
  const names = readdirSync(path)
    .filter(name => manifestFile.test(name))
    .sort();
  if (names.length === 0)
    throw new KubectlFailure(`error: error reading [${path}]: recognized file extensions are [.json .yaml .yml]`);
  return names.map(name => ({ source: join(path, name), text: readText(join(path, name)) }));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new KubectlFailure(`error: open ${path}: ${code === 'EACCES' ? 'permission denied' : code}`);
  }
}

/** Parses JSON without the YAML parser, which takes longer to load than everything else. */
async function parse(source: string, text: string): Promise<readonly unknown[]> {
  const isJson = /^\s*\{/.test(text);
  const json = isJson ? tryJson(text) : undefined;
  if (json !== undefined) return [json];
  const { parseYaml } = await import('../../../cluster/yaml.js');
  const result = parseYaml(text);
  if (result.ok) return result.values;
  const line = text.slice(0, result.position).split('\n').length;
  throw new KubectlFailure(
    `error: error parsing ${source}: error converting YAML to JSON: line ${line}: ${result.message}`,
  );
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function itemsOf(value: unknown): readonly unknown[] {
  if (!isMapping(value) || typeof value.kind !== 'string' || !value.kind.endsWith('List')) return [value];
  const kind = value.kind.slice(0, -'List'.length);
  const type = kind === '' ? {} : { apiVersion: value.apiVersion, kind };
  return listOf(value.items).flatMap(item => itemsOf(isMapping(item) ? { ...type, ...item } : item));
}

const turnOff = 'if you choose to ignore these errors, turn validation off with --validate=false';

function manifestOf(source: string, value: unknown, { namespace, options }: Session): Manifest {
  const notValid = (why: string) =>
    new KubectlFailure(`error: error validating ${JSON.stringify(source)}: error validating data: ${why}; ${turnOff}`);
  if (!isMapping(value)) throw notValid('invalid object to validate');
  if (typeof value.kind !== 'string' || value.kind === '') throw notValid('kind not set');
  if (typeof value.apiVersion !== 'string' || value.apiVersion === '') throw notValid('apiVersion not set');
  const kind = kindNamed(value.apiVersion, value.kind) ?? unknownKind(source, value);
  const metadata = mappingOf(value.metadata);
  const own = metadata.namespace;
  if (typeof own === 'string' && options.text('namespace') !== undefined && own !== namespace)
    throw new KubectlFailure(
      `error: the namespace from the provided object "${own}" does not match the namespace "${namespace}". ` +
        `You must pass '--namespace=${own}' to perform this operation.`,
    );
  const namespaced = kind.isNamespaced ? { namespace: own ?? namespace } : {};
  return { source, kind, object: { ...value, metadata: { ...metadata, ...namespaced } } as unknown as KubeObject };
}

function unknownKind(source: string, { apiVersion, kind, metadata }: Mapping): never {
  const { name = '', namespace = '' } = mappingOf(metadata);
  throw new KubectlFailure(
    `error: resource mapping not found for name: "${name}" namespace: "${namespace}" from "${source}": ` +
      `no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`,
  );
}
