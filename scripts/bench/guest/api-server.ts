import { readFileSync, writeFileSync } from 'node:fs';
import { type ClusterObject, createFakeCluster } from '../../../test/support/fake-api-server/cluster.js';
import { startFakeApiServer } from '../../../test/support/fake-api-server/http-server.js';

export interface ServedCluster {
  /** The options with which a program finds the API server. */
  readonly arguments: readonly string[];
  /** Path of the kubeconfig. */
  readonly kubeconfig: string;
  /** Sends an object to all watches of its kind. */
  change(object: unknown): void;
  close(): void;
}

/**
 * Serves a cluster with the tests' fake API server.
 * @param file path of the cluster's List
 */
export async function serveCluster(file: string): Promise<ServedCluster> {
  const { items } = JSON.parse(readFileSync(file, 'utf8')) as { readonly items: readonly ClusterObject[] };
  const { handler, change } = createFakeCluster(items);
  const server = await startFakeApiServer(handler);
  const kubeconfig = '/tmp/bench-kubeconfig';
  writeFileSync(kubeconfig, server.kubeconfig);
  return {
    arguments: ['--kubeconfig', kubeconfig],
    kubeconfig,
    change: object => change(object as ClusterObject),
    close: () => void server.close(),
  };
}
