import type { ClusterKind } from '../../../cluster/kinds.js';
import { pageSize } from '../../../cluster/kubectl.js';
import { listPath } from '../../../cluster/list-path.js';
import { nodeQueries } from '../../../cluster/node-queries.js';
import { selectionQuery, withQuery } from '../../../cluster/selection.js';
import { guestPaths } from './paths.js';

export interface KubectlFolders {
  /** The store of the stand-in. */
  readonly cluster: string;
  readonly pods: string;
  readonly kproxy: string;
}

const ofTheGuest: KubectlFolders = {
  cluster: guestPaths.cluster,
  pods: guestPaths.pods,
  kproxy: `${guestPaths.programs}/kproxy`,
};

/** Returns the path of the list with which `kproxy endpoints` asks for a kind. */
const allPath = (kind: ClusterKind): string => withQuery(listPath(kind, undefined), { limit: pageSize });

/** Returns the path of the list with which a node command of kproxy asks for a kind. */
const nodePath = (kind: ClusterKind, nodeName = ''): string =>
  withQuery(listPath(kind, undefined), { limit: pageSize, ...selectionQuery(nodeQueries(nodeName)[kind]) });

/**
 * `kubectl` of the lesson's machines: the stand-in that is a part of kproxy. Starting that takes half a second in the
 * guest, and a sync asks for four lists. So one sed puts the lists that kproxy asks for together from their files here,
 * in a tenth of that time. A list of Pods is left to the stand-in, because whether a Pod is ready is not in its file.
 * Labels are not compared: kproxy itself ignores what it does not select.
 */
export const kubectlProgram = ({ cluster, pods, kproxy }: KubectlFolders = ofTheGuest): string => `#!/bin/sh
list() {
  cd ${cluster} || exit 1
  version=1
  [ ! -f .resource-version ] || read -r version <.resource-version
  head='{"kind":"'$1'List","apiVersion":"'$2'","metadata":{"resourceVersion":"'$version'"},"items":['
  set -- "$3".\${4:-*}.json
  # A file is one object, indented: only its first line begins with a brace.
  [ ! -f "$1" ] || exec sed -e '1 i '"$head" -e '1 ! s/^{/,{/' -e '$ a ]}' "$@"
  echo "$head]}"
  exit 0
}

case $* in
  '--request-timeout=30000ms get --raw /api/v1/'*'?limit=${pageSize}'*)
    resource=\${4#/api/v1/}
    resource=\${resource#namespaces/default/}
    case /api/v1/$resource in
      '${allPath('Service')}' | '${nodePath('Service')}') list Service v1 service ;;
      '${allPath('Endpoints')}' | '${nodePath('Endpoints')}') list Endpoints v1 endpoints ;;
      '${allPath('Node')}') list Node v1 node ;;
      '${nodePath('Node')}'*) list Node v1 node "\${resource##*%3D}" ;;
    esac
    ;;
  '--request-timeout=30000ms get --raw /apis/discovery.k8s.io/v1/'*)
    case $4 in
      '${allPath('EndpointSlice')}' | '${nodePath('EndpointSlice')}')
        list EndpointSlice discovery.k8s.io/v1 endpointslice
        ;;
    esac
    ;;
  '--request-timeout=30000ms config view --minify -o jsonpath={..namespace}') exit 0 ;;
esac
KPROXY_TUTORIAL_CLUSTER=${cluster} KPROXY_TUTORIAL_PODS=${pods} exec ${kproxy} tutorial-kubectl "$@"
`;
