import { isMapping, type Mapping } from '../../cluster/objects.js';
import { quotedIfHostile } from '../../cluster/problems.js';
import { KproxyError } from '../../errors.js';

/** The text of a KubeProxyConfiguration inside a ConfigMap, and what names it in messages. */
export interface ConfigurationText {
  readonly source: string;
  readonly text: string;
}

/**
 * Finds the KubeProxyConfiguration in a ConfigMap, or in the ConfigMaps of a List. kubeadm keeps it under
 * `config.conf`; others have other keys. Returns undefined for all other documents.
 * @throws KproxyError configuration-invalid if a ConfigMap or List has none or several
 */
export function findConfiguration(source: string, document: Mapping): ConfigurationText | undefined {
  const maps = configMapsOf(document);
  if (maps === undefined) return undefined;
  const isList = document.kind !== 'ConfigMap';
  const found = maps.flatMap(textsOf);
  const [only] = found;
  if (only !== undefined && found.length === 1)
    return { source: `${source}, ${isList ? `${nameOf(only.map)}, ` : ''}${keyText(only.key)}`, text: only.text };
  const keys = maps.flatMap(map =>
    keysOf(map).map(key => (isList ? `${nameOf(map)} ${JSON.stringify(key)}` : JSON.stringify(key))),
  );
  throw new KproxyError({
    message:
      found.length === 0
        ? `${source}: no ConfigMap in it holds a KubeProxyConfiguration`
        : `${source}: there are ${found.length} KubeProxyConfigurations in it`,
    evidence: `keys of data: ${keys.join(', ') || 'none'}`,
    advice:
      'kubeadm keeps it in a ConfigMap: kubectl -n kube-system get configmap kube-proxy -o yaml. Nothing was changed.',
    code: 'configuration-invalid',
  });
}

function configMapsOf(document: Mapping): readonly Mapping[] | undefined {
  if (isConfigMap(document)) return [document];
  if (document.kind !== 'List' && document.kind !== 'ConfigMapList') return undefined;
  const items = Array.isArray(document.items) ? document.items.filter(isMapping) : [];
  return document.kind === 'List' ? items.filter(isConfigMap) : items;
}

const isConfigMap = ({ apiVersion, kind }: Mapping): boolean => apiVersion === 'v1' && kind === 'ConfigMap';

const keysOf = ({ data }: Mapping): readonly string[] => (isMapping(data) ? Object.keys(data) : []);
const keyText = (key: string): string => `data[${JSON.stringify(key)}]`;

/** `ConfigMap kube-system/kube-proxy`, as far as it has these. */
function nameOf({ metadata }: Mapping): string {
  const { namespace, name } = isMapping(metadata) ? metadata : {};
  return `ConfigMap ${quotedIfHostile([namespace, name].filter(part => typeof part === 'string').join('/'))}`.trimEnd();
}

interface FoundText {
  readonly map: Mapping;
  readonly key: string;
  readonly text: string;
}

const textsOf = (map: Mapping): readonly FoundText[] =>
  Object.entries(isMapping(map.data) ? map.data : {}).flatMap(([key, text]) =>
    typeof text === 'string' && /["']?kind["']?\s*:\s*["']?KubeProxyConfiguration\b/.test(text)
      ? [{ map, key, text }]
      : [],
  );
