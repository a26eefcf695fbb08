import type { Kubectl } from './kubectl-command.js';

/** Returns the namespace that kubectl itself would use: that of the kubeconfig's context, or `default`. */
export async function currentNamespace(kubectl: Kubectl): Promise<string> {
  const result = await kubectl(['config', 'view', '--minify', '-o', 'jsonpath={..namespace}']);
  const namespace = result.stdout.trim();
  // The command fails without a context, for example in a Pod that uses its own credentials.
  return result.exitCode === 0 && namespace !== '' ? namespace : 'default';
}

/** Returns the name of the kubeconfig's context, or undefined if there is none, as in a Pod. */
export async function currentContext(kubectl: Kubectl): Promise<string | undefined> {
  const result = await kubectl(['config', 'current-context']);
  return (result.exitCode === 0 && result.stdout.trim()) || undefined;
}
