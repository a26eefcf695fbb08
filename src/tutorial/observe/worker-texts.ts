/** What the tools of a worker print when they read its kernel. `kernelAnswerOf` parses it. */
export interface WorkerTexts {
  /** Of `ipset save`. */
  readonly ipset: string;
  /** Of `iptables-save -c`. */
  readonly iptables: string;
  /** Of `ip -j -d addr`. */
  readonly addresses: string;
  /** /proc/net/ip_vs. Empty as long as the kernel has no IPVS. */
  readonly ipVs: string;
  /** Of `ipvsadm -Ln --stats`. Empty as long as the kernel has no IPVS. */
  readonly stats: string;
  /** A line `NAME=VALUE` for each kernel parameter, by its path below /proc/sys: `net/ipv4/vs/conntrack=1`. */
  readonly sysctls: string;
}
