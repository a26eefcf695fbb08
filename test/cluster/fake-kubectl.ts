import { parseAllDocuments } from 'yaml';
import type { Kubectl, KubectlResult } from '../../src/cluster/kubectl-command.js';

interface FakeObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Record<string, string | null> | null;
    readonly annotations?: Record<string, string> | null;
    readonly resourceVersion?: string;
  };
  readonly [field: string]: unknown;
}

export interface FakeCluster {
  readonly kubectl: Kubectl;
  /** The commands that were run, in order: `apply -f -`. */
  readonly calls: readonly string[];
  /** The stdin of the commands that write. */
  readonly inputs: readonly string[];
  readonly endpoints: () => readonly FakeObject[];
}

export interface FakeOptions {
  readonly namespaces?: readonly string[];
  readonly currentNamespace?: string;
  readonly currentContext?: string;
  /** Nodes may not be listed as a table. */
  readonly forbidsNodes?: boolean;
  /** Names of Endpoints objects that the API server rejects. */
  readonly refuses?: readonly string[];
  /** Namespaces that are being deleted, so that nothing can be created in them. */
  readonly terminating?: ReadonlySet<string>;
}

const listPath = /^\/(?:api\/v1|apis\/discovery\.k8s\.io\/v1)(?:\/namespaces\/([^/]+))?\/(\w+)$/;
const kindOfResource: Readonly<Record<string, string>> = {
  services: 'Service',
  endpoints: 'Endpoints',
  pods: 'Pod',
  nodes: 'Node',
  endpointslices: 'EndpointSlice',
};

const done = (stdout: string): KubectlResult => ({ stdout, stderr: '', exitCode: 0 });
const failed = (stderr: string, stdout = ''): KubectlResult => ({ stdout, stderr: `${stderr}\n`, exitCode: 1 });

/** Creates a fake kubectl with a small API server. It throws for any command that it does not know. */
export function fakeCluster(objects: readonly object[], options: FakeOptions = {}): FakeCluster {
  let stored = objects as readonly FakeObject[];
  const calls: string[] = [];
  const inputs: string[] = [];

  function get(path: string): KubectlResult {
    const namespaceName = /^\/api\/v1\/namespaces\/([^/]+)$/.exec(path)?.[1];
    if (namespaceName !== undefined) return getNamespace(namespaceName);
    const [, namespace, resource = ''] = listPath.exec(path) ?? [];
    const kind = kindOfResource[resource];
    if (kind === undefined) throw new Error(`the fake API server has no path ${path}`);
    const items = stored.filter(
      object => object.kind === kind && (namespace === undefined || object.metadata.namespace === namespace),
    );
    // The real one leaves kind and apiVersion out of the items.
    const bare = items.map(({ kind: _, apiVersion: __, ...item }) => item);
    const apiVersion = kind === 'EndpointSlice' ? 'discovery.k8s.io/v1' : 'v1';
    return done(JSON.stringify({ kind: `${kind}List`, apiVersion, metadata: {}, items: bare }));
  }

  function getNamespace(name: string): KubectlResult {
    if ((options.namespaces ?? ['default']).includes(name)) return done(JSON.stringify({ kind: 'Namespace' }));
    return failed(`Error from server (NotFound): namespaces "${name}" not found`);
  }

  function write(verb: string, input: string): KubectlResult {
    inputs.push(input);
    const results = parseAllDocuments(input).map(document => writeOne(verb, document.toJS() as FakeObject));
    const stdout = results.map(result => result.stdout).join('');
    const stderr = results.map(result => result.stderr).join('');
    return { stdout, stderr, exitCode: results.some(result => result.exitCode !== 0) ? 1 : 0 };
  }

  function writeOne(verb: string, manifest: FakeObject): KubectlResult {
    const { name, namespace } = manifest.metadata;
    const isSame = (object: FakeObject) =>
      object.kind === manifest.kind && object.metadata.name === name && object.metadata.namespace === namespace;
    if (options.refuses?.includes(name)) return failed(`The Endpoints "${name}" is invalid: subsets: refused`);
    const existing = stored.find(isSame);
    if (options.terminating?.has(namespace))
      return failed(
        `Error from server (Forbidden): error when creating "STDIN": endpoints "${name}" is forbidden: unable to ` +
          `create new content in namespace ${namespace} because it is being terminated`,
      );
    if (verb === 'replace' && existing === undefined) return failed(`Error from server (NotFound): ${name}`);
    if (verb === 'create' && existing !== undefined) return failed(`Error from server (AlreadyExists): ${name}`);
    const written = verb === 'apply' && existing !== undefined ? merged(existing, manifest) : manifest;
    stored = [...stored.filter(object => !isSame(object)), written];
    const verbs: Readonly<Record<string, string>> = { apply: existing ? 'configured' : 'created', replace: 'replaced' };
    const warning = 'Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n';
    return { stdout: `endpoints/${name} ${verbs[verb] ?? 'created'}\n`, stderr: warning, exitCode: 0 };
  }

  /** Returns the Nodes as kubectl prints the API server's table. */
  function nodeTable(): KubectlResult {
    if (options.forbidsNodes === true) return failed('Error from server (Forbidden): nodes is forbidden');
    const rows = stored.flatMap(({ kind, metadata, status }) => {
      const { addresses = [] } = (status ?? {}) as { addresses?: readonly { type: string; address: string }[] };
      const ip = addresses.find(({ type }) => type === 'InternalIP')?.address ?? '<none>';
      return kind === 'Node'
        ? [`${metadata.name}   Ready   <none>   1d   v1.37.2   ${ip}   <none>   Debian   6.1.0`]
        : [];
    });
    return done(rows.join('\n'));
  }

  const kubectl: Kubectl = async (argv, input) => {
    const call = argv.join(' ');
    calls.push(call);
    if (argv[0] === 'get' && argv[1] === '--raw' && argv.length === 3) return get((argv[2] ?? '').split('?')[0] ?? '');
    if (call === 'get nodes -o wide --no-headers') return nodeTable();
    if (call === 'config view --minify -o jsonpath={..namespace}') return done(options.currentNamespace ?? '');
    if (call === 'config current-context') {
      const { currentContext } = options;
      return currentContext === undefined ? failed('error: current-context is not set') : done(`${currentContext}\n`);
    }
    const [verb = '', ...rest] = argv;
    if (['apply', 'replace', 'create'].includes(verb) && rest.join(' ') === '-f -' && input !== undefined) {
      return write(verb, input);
    }
    throw new Error(`the fake kubectl does not know: kubectl ${call}`);
  };
  return { kubectl, calls, inputs, endpoints: () => stored.filter(({ kind }) => kind === 'Endpoints') };
}

/** Merges as `kubectl apply` does: keys that are left out stay, null removes a key, lists are replaced. */
function merged(existing: FakeObject, manifest: FakeObject): FakeObject {
  const labels = Object.entries({ ...existing.metadata.labels, ...manifest.metadata.labels });
  return {
    ...existing,
    ...manifest,
    metadata: {
      ...existing.metadata,
      ...manifest.metadata,
      labels: Object.fromEntries(labels.filter(([, value]) => value !== null)),
      annotations: { ...existing.metadata.annotations, ...manifest.metadata.annotations },
    },
  };
}
