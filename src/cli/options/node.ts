import { Option } from 'commander';
import type { ProxyFlags } from '../../proxy/configuration/proxy-options.js';
import { type AccessFlags, accessOptions } from './access.js';
import { type ClusterFlags, fromOption } from './cluster.js';
import { parseCount } from './count.js';
import { joined } from './joined.js';
import { orEmpty } from './rules.js';

/** The flags of every command that computes what a node should be. */
export interface NodeFlags extends ClusterFlags, ProxyFlags, AccessFlags {
  readonly config?: string;
  readonly allowEmpty?: boolean;
}

export const excludeCidrsOption = (): Option =>
  new Option('--ipvs-exclude-cidrs <networks>', 'networks whose virtual servers belong to other software').argParser(
    joined,
  );

/** Options that kube-proxy has too keep its names, and its meaning of an empty value: the default. */
export const nodeOptions = (): readonly Option[] => [
  fromOption(),
  new Option('-n, --namespace <name>', 'read only this namespace, and keep what belongs to others'),
  new Option('--node <name>', 'the node to compute for (default: --hostname-override, then the host name)'),
  orEmpty(new Option('--hostname-override <name>', "the node's name in the cluster, if it is not the host name")),
  new Option('--profile <name>', 'tutorial programs only what the tutorial does, full what a real cluster needs')
    .choices(['full', 'tutorial'])
    .default('full'),
  new Option('--cluster-cidr <networks>', "the Pods' networks: other sources are masqueraded"),
  new Option('--masquerade-all', 'masquerade everything that goes to a cluster IP'),
  orEmpty(new Option('--ipvs-scheduler <name>', 'the scheduler of all virtual servers (default: rr)')),
  orEmpty(excludeCidrsOption()),
  new Option('--ipvs-strict-arp', 'do not answer ARP for VIPs, because other software announces them'),
  orEmpty(
    new Option(
      '--nodeport-addresses <networks>',
      'where node ports are served: networks, primary, localhost, all (default: everywhere)',
    ).argParser(joined),
  ),
  new Option('--config <file>', 'a KubeProxyConfiguration, alone or in a ConfigMap; options override it'),
  new Option('--allow-external-ip-takeover', "serve external IPs that are the API server's or the node's gateway too"),
  new Option(
    '--max-service-elements <count>',
    'the most set entries and servers that one Service may have (default: 100000)',
  ).argParser(parseCount),
  new Option('--allow-empty', 'accept a cluster without Services that nodes serve, or without endpoints'),
  ...accessOptions(),
];
