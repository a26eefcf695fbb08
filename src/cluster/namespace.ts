import type { Kubectl } from './kubectl-command.js';

/** The namespace that kubectl itself would use: the one of the kubeconfig's context, else `default`. */
export async function currentNamespace(kubectl: Kubectl): Promise<string> {
  const result = await kubectl(['config', 'view', '--minify', '-o', 'jsonpath={..namespace}']);
  const namespace = result.stdout.trim();
  // Without a kubeconfig (a Pod's own credentials) there is no context, and the command fails.
  return result.exitCode === 0 && namespace !== '' ? namespace : 'default';
}
