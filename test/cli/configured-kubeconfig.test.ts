import { Command } from 'commander';
import { expect, test } from 'vitest';
import { nodeSetting } from '../../src/cli/node-setting.js';
import { kubectlArguments } from '../../src/cluster/run-kubectl.js';
import { folderWith } from './support/folder.js';

const configuration = `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: { kubeconfig: KUBECONFIG }
`;

const anyFlags = { profile: 'full', sudo: false, toolTimeout: 10_000 } as const;

const configurationWith = (kubeconfig: string): string =>
  folderWith({ 'config.yaml': configuration.replace('KUBECONFIG', kubeconfig) })('config.yaml');

const parsed = (...argv: readonly string[]): Command =>
  new Command().option('--kubeconfig <file>').option('--master <value>').parse(argv, { from: 'user' });

test('the kubeconfig of --config is used, and --kubeconfig wins over it', async () => {
  const path = folderWith({ kubeconfig: '' })('kubeconfig');
  const config = configurationWith(path);
  const kubeconfigOf = async (...argv: readonly string[]) => {
    const command = parsed(...argv);
    const flags = { ...anyFlags, from: [], config };
    return (await nodeSetting(flags, command, 'node')).kubectlFlags.kubeconfig;
  };
  expect(await kubeconfigOf()).toBe(path);
  expect(await kubeconfigOf('--kubeconfig', '/root/other')).toBe('/root/other');
});

test('a kubeconfig that is only in the Pods of kube-proxy is refused, unless another source is given', async () => {
  const config = configurationWith('/var/lib/kube-proxy/kubeconfig.conf');
  const setting = (from: readonly string[], ...argv: readonly string[]) =>
    nodeSetting({ ...anyFlags, from, config }, parsed(...argv), 'node');
  await expect(setting([])).rejects.toMatchObject({
    code: 'configuration-invalid',
    message:
      `--config ${config}, clientConnection.kubeconfig: ` +
      'there is no /var/lib/kube-proxy/kubeconfig.conf on this machine',
    advice:
      "It may be a path in kube-proxy's Pod. Give a kubeconfig of this machine with --kubeconfig. Nothing was changed.",
  });
  expect((await setting([], '--kubeconfig', '/root/other')).kubectlFlags.kubeconfig).toBe('/root/other');
  expect((await setting(['cluster.yaml'])).source.from).toEqual(['cluster.yaml']);
});

test('--master is the address of the API server for kubectl', async () => {
  const setting = await nodeSetting({ ...anyFlags, from: [] }, parsed('--master', 'https://10.0.0.1:6443'), 'node');
  expect(kubectlArguments(setting.kubectlFlags)).toEqual(['--server', 'https://10.0.0.1:6443']);
});
