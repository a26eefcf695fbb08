const vip = '10.254.10.128';

/** A single damage to a worker that `kproxy sync` has programmed for the tutorial's Service. */
export interface Damage {
  readonly what: string;
  /** A line of sh that causes the damage. */
  readonly by: string;
  /** All lines of diff: sign and description. */
  readonly seen: readonly string[];
  /** How the element differs, in the words of diff. */
  readonly how?: string;
}

/** A damage of each kind of element. */
export const damages: readonly Damage[] = [
  {
    what: 'a rule deleted',
    by: 'iptables -w -t nat -D KUBE-MARK-MASQ 1',
    seen: ['~ chain KUBE-MARK-MASQ in iptables -t nat'],
    how: '+ -j MARK --set-xmark 0x4000/0x4000',
  },
  {
    what: 'a rule too many',
    by: 'iptables -w -I KUBE-FORWARD -s 192.0.2.1 -j DROP',
    seen: ['~ chain KUBE-FORWARD in iptables -t filter'],
    how: '- -s 192.0.2.1/32 -j DROP',
  },
  {
    what: 'a set emptied',
    by: 'ipset flush KUBE-CLUSTER-IP',
    seen: [`+ entry ${vip},tcp:80 in KUBE-CLUSTER-IP`],
  },
  {
    what: 'a set of another type',
    by: `rules=$(iptables-save); iptables -w -t nat -F KUBE-SERVICES; iptables -w -F KUBE-IPVS-FILTER
      ipset destroy KUBE-CLUSTER-IP; ipset create KUBE-CLUSTER-IP hash:ip; ipset add KUBE-CLUSTER-IP ${vip}
      echo "$rules" | iptables-restore -w`,
    seen: ['~ set KUBE-CLUSTER-IP hash:ip,port', `+ entry ${vip},tcp:80 in KUBE-CLUSTER-IP`],
    how: 'type is hash:ip, should be hash:ip,port',
  },
  {
    what: 'an entry too many',
    by: 'ipset add KUBE-CLUSTER-IP 192.0.2.7,udp:53',
    seen: ['- entry 192.0.2.7,udp:53 in KUBE-CLUSTER-IP'],
  },
  {
    what: 'an address removed',
    by: `ip addr del ${vip}/32 dev kube-ipvs0`,
    seen: [`+ address ${vip}/32 on kube-ipvs0`],
  },
  {
    what: 'a virtual server with another scheduler',
    by: `ipvsadm -E -t ${vip}:80 -s wlc`,
    seen: [`~ virtual server TCP ${vip}:80 rr`],
    how: 'scheduler is wlc, should be rr',
  },
  {
    what: 'a virtual server with affinity',
    by: `ipvsadm -E -t ${vip}:80 -s rr -p 60`,
    seen: [`~ virtual server TCP ${vip}:80 rr`],
    how: 'persistence is 60 s for 255.255.255.255, should be none',
  },
  {
    what: 'a virtual server removed',
    by: `ipvsadm -D -t ${vip}:80`,
    seen: [
      `+ virtual server TCP ${vip}:80 rr`,
      `+ real server 10.244.1.3:8080 of TCP ${vip}:80, weight 1`,
      `+ real server 10.244.2.2:8080 of TCP ${vip}:80, weight 1`,
    ],
  },
  {
    what: 'a real server of weight 0',
    by: `ipvsadm -e -t ${vip}:80 -r 10.244.2.2:8080 -m -w 0`,
    seen: [`~ real server 10.244.2.2:8080 of TCP ${vip}:80, weight 1`],
    how: 'weight is 0, should be 1',
  },
  {
    what: 'a real server that is routed to, which IPVS does to the port of the virtual server',
    by: `ipvsadm -d -t ${vip}:80 -r 10.244.2.2:8080; ipvsadm -a -t ${vip}:80 -r 10.244.2.2 -g`,
    seen: [
      `+ real server 10.244.2.2:8080 of TCP ${vip}:80, weight 1`,
      `- real server 10.244.2.2:80 of TCP ${vip}:80, weight 1, forwarding route`,
    ],
  },
  {
    what: 'a real server too many',
    by: `ipvsadm -a -t ${vip}:80 -r 10.244.2.99:8080 -m`,
    seen: [`- real server 10.244.2.99:8080 of TCP ${vip}:80, weight 1`],
  },
  {
    what: 'a jump twice',
    by: 'iptables -w -t nat -A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    seen: ['~ jumps from OUTPUT in iptables -t nat to KUBE-SERVICES'],
    how: '- -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  },
  {
    what: 'a jump below a DROP',
    by: 'iptables -w -I INPUT -i lo -s 192.0.2.1 -j DROP',
    seen: ['~ jumps from INPUT in iptables -t filter to KUBE-IPVS-FILTER'],
    how: "behind a rule that ends packets' way: -s 192.0.2.1/32 -i lo -j DROP",
  },
  {
    what: 'a wrong sysctl',
    by: 'echo 0 >/proc/sys/net/ipv4/vs/conntrack',
    seen: ['~ sysctl net.ipv4.vs.conntrack = 1'],
    how: 'value is 0, should be 1',
  },
];
