right() { # right WHAT COMMAND...: what somebody does to the device, and what one sync makes of it
  sync --from in.yaml
  check "$1: the sync succeeds" code 0
  check "$1: the IPv4 cluster IP alone is left" [ "$(ip -4 -o addr show dev kube-ipvs0 | grep -c ' 10.96.0.30/32 scope \(global\|link\|host\) kube-ipvs0')" = "$(ip -4 -o addr show dev kube-ipvs0 | wc -l)" ]
  check "$1: it is bound" bound 10.96.0.30
  check "$1: the IPv6 cluster IP alone is left" [ "$(ip -6 -o addr show dev kube-ipvs0 | grep -v fe80 | grep -c ' fd00:96::30/128 ')" = "$(ip -6 -o addr show dev kube-ipvs0 | grep -v fe80 | wc -l)" ]
  check "$1: it is bound too" bound fd00:96::30
  check "$1: nothing expires" not sh -c "ip -o addr show dev kube-ipvs0 | grep -v 'valid_lft forever'"
  sync --from in.yaml
  check "$1: the next one has nothing to do" said 'nothing changed'
}
# damage IPV4 IPV6: flushes the device and gives it these two addresses
damage() { ip addr flush dev kube-ipvs0; ip addr add $1 dev kube-ipvs0; ip addr add $2 dev kube-ipvs0; ip -o addr show dev kube-ipvs0; }
dry() { $K sync --node node-a --cluster-cidr $CIDR --from in.yaml --dry-run "$@"; }
ip link add kube-ipvs0 type dummy; ip link set kube-ipvs0 up
damage '10.96.0.30 peer 10.0.0.9/32' 'fd00:96::30 peer fd00::9/128'; right 'a peer'
damage '10.96.0.30 peer 10.0.0.9/24' 'fd00:96::30 peer fd00::9/64'; right 'a peer with a network'
damage 10.96.0.30/24 fd00:96::30/64; right 'a network'
damage '10.96.0.30/32 scope link' 'fd00:96::30/128 preferred_lft 0 home noprefixroute'; right 'a scope, and flags'
damage '10.96.0.30/32 valid_lft 60 preferred_lft 60' 'fd00:96::30/128 valid_lft 60 preferred_lft 60'; right 'a lifetime'
damage '10.96.0.99 peer 10.0.0.9/32' 'fd00:96::99 peer fd00::9/64'; right 'other addresses with a peer'
damage '10.96.0.30 peer 10.0.0.9/32' fd00:96::30/64; dry >/tmp/steps; dry --script batch >/tmp/batch
show sh /tmp/steps; check 'the script does the same' code 0
show sh /tmp/steps; check 'and may be run again' code 0
sync --from in.yaml; check 'then nothing is left to do' said 'nothing changed'
damage '10.96.0.30 peer 10.0.0.9/32' fd00:96::30/64
show sh /tmp/batch; check 'the script of batches does the same' code 0
show sh /tmp/batch; check 'and may be run again too' code 0
sync --from in.yaml; check 'then nothing is left to do either' said 'nothing changed'
