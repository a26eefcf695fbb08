import type { Command } from 'commander';
import { Option } from 'commander';
import type { ProxyFlags } from '../proxy/configuration/proxy-options.js';
import { type AccessFlags, withAccessFlags } from './access-flags.js';
import { fromOption } from './shared-options.js';

/** The flags of every command that computes what a node should be. */
export interface NodeFlags extends ProxyFlags, AccessFlags {
  readonly from: readonly string[];
  readonly namespace?: string;
  readonly config?: string;
  readonly allowEmpty?: boolean;
}

const profileOption = (): Option =>
  new Option('--profile <name>', 'tutorial is exactly the chapter, full is what a real cluster needs')
    .choices(['full', 'tutorial'])
    .default('full');

/** Adds them to a command; those that kube-proxy has too keep its names. */
export const addNodeFlags = (command: Command): Command =>
  withAccessFlags(
    command
      .addOption(fromOption())
      .option('-n, --namespace <name>', 'read only this namespace; what belongs to others stays as it is')
      .option('--node <name>', 'the node to compute for (default: --hostname-override, then the host name)')
      .option('--hostname-override <name>', "the node's name in the cluster, where it is not the host name")
      .addOption(profileOption())
      .option('--cluster-cidr <networks>', "the Pods' networks: sources outside are masqueraded")
      .option('--masquerade-all', 'masquerade everything that goes to a cluster IP')
      .option('--ipvs-scheduler <name>', 'the scheduler of all virtual servers (default: rr)')
      .option('--ipvs-exclude-cidrs <networks>', "networks whose virtual servers are somebody else's")
      .option('--ipvs-strict-arp', 'answer ARP for no VIP: something else announces them')
      .option(
        '--nodeport-addresses <networks>',
        'where node ports are served: networks, or primary (default: everywhere)',
      )
      .option('--config <file>', "a KubeProxyConfiguration; this command's flags win over it")
      .option('--allow-empty', 'believe a cluster without any Service, and remove all of them'),
  );
