import { isOwnChain, ownSetName } from '../../node/names.js';
import { type Hook, hooks } from '../trace/trace.js';
import type { Owner } from './part.js';

export const kproxy: Owner = { is: 'kproxy', software: undefined };
export const kernel: Owner = { is: 'kernel', software: undefined };
const unknown: Owner = { is: 'unknown', software: undefined };
const probably = (name: string): Owner => ({ is: 'probably', software: name });

/** The software that probably has a chain or set, by its name. The first that fits counts. */
const software: readonly (readonly [name: RegExp, software: string])[] = [
  [/^KUBE-(SVC|SVL|SEP|EXT|FW|XLB)-|^KUBE-(NODEPORTS|EXTERNAL-SERVICES|PROXY-CANARY)$/, "kube-proxy's iptables mode"],
  [/^KUBE-(FIREWALL|MARK-DROP|KUBELET-CANARY|IPTABLES-HINT)$/, 'the kubelet'],
  [/^KUBE-(HOSTPORTS|HP-)/, 'the container runtime (host ports)'],
  [/^KUBE-(ROUTER|NWPLCY|POD-FW|NETPOL|DEFAULT-NETPOL|SRC|DST)|^kube-router-/, 'kube-router'],
  [/^DOCKER/, 'Docker'],
  [/^NETAVARK/, 'Podman'],
  [/^CNI-/, 'a CNI plugin'],
  [/^(cali-|cali[46]0)/, 'Calico'],
  [/^(CILIUM|OLD_CILIUM)_/, 'Cilium'],
  [/^FLANNEL/, 'flannel'],
  [/^WEAVE|^weave-/, 'Weave Net'],
  [/^ANTREA/, 'Antrea'],
  [/^OVN-KUBE/, 'OVN-Kubernetes'],
  [/^AWS-/, 'the Amazon VPC CNI plugin'],
  [/^IP-MASQ/, 'the ip-masq-agent'],
  [/^ISTIO_/, 'Istio'],
  [/^(INPUT|OUTPUT|FORWARD|PREROUTING|POSTROUTING)_(direct|ZONES|POLICIES|IN_ZONES|OUT_ZONES)/, 'firewalld'],
  [/^(IN|FWD|FWDI|FWDO|PRE|POST)_[a-z]/, 'firewalld'],
  [/^ufw6?-/, 'ufw'],
  [/^ts-/, 'Tailscale'],
  [/^LIBVIRT_/, 'libvirt'],
  [/^f2b-/, 'fail2ban'],
  [/^crowdsec/i, 'CrowdSec'],
  [/^nixos-/, 'NixOS'],
  [/^MINIUPNPD/, 'miniupnpd'],
];

const owner = (name: string): Owner => {
  const found = software.find(([pattern]) => pattern.test(name));
  return found === undefined ? unknown : probably(found[1]);
};

export const isBuiltIn = (chain: string): chain is Hook => (hooks as readonly string[]).includes(chain);

/** Returns who a chain belongs to. kproxy and kube-proxy's ipvs mode have the same chains. */
export function ownerOfChain(table: string, name: string): Owner {
  if (isBuiltIn(name)) return kernel;
  if (isOwnChain(table, name)) return kproxy;
  if (table === 'filter' && name === 'KUBE-SERVICES') return probably("kube-proxy's iptables mode");
  return owner(name);
}

export const ownerOfSet = (name: string): Owner => (ownSetName(name) === undefined ? owner(name) : kproxy);
