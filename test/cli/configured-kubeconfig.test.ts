import { Command } from 'commander';
import { expect, test } from 'vitest';
import { nodeSetting } from '../../src/cli/node-setting.js';
import { folderWith } from './support/folder.js';

const configuration = `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: { kubeconfig: /etc/kproxy/kubeconfig }
`;

test('the kubeconfig of --config is used, and --kubeconfig wins over it', async () => {
  const config = folderWith({ 'config.yaml': configuration })('config.yaml');
  const kubeconfigOf = async (...argv: readonly string[]) => {
    const command = new Command().option('--kubeconfig <file>').parse(argv, { from: 'user' });
    const flags = { from: [], config, profile: 'full', sudo: false, toolTimeout: 10_000 } as const;
    return (await nodeSetting(flags, command, 'node')).kubectlFlags.kubeconfig;
  };
  expect(await kubeconfigOf()).toBe('/etc/kproxy/kubeconfig');
  expect(await kubeconfigOf('--kubeconfig', '/root/other')).toBe('/root/other');
});
