# of FAMILY: the addresses of the device with their prefix lengths, without the kernel's own
of() { ip -"$1" -o addr show dev kube-ipvs0 | awk '{print $4, $6 == "peer" || $5 == "peer" ? "peer" : ""}' | grep -v '^fe80' | sort; }
services4() { for i in 0 1 2 3 4; do echo "10.96.0.3$i/32 "; done; }
services6() { for i in 0 1 2 3 4; do echo "fd00:96::3$i/128 "; done; }
right() { # right WHAT: what must hold after WHAT
  check "$1: the IPv4 cluster IPs alone are left" [ "$(of 4)" = "$(services4)" ]
  check "$1: the IPv6 cluster IPs alone are left" [ "$(of 6)" = "$(services6)" ]
  check "$1: nothing expires" not sh -c "ip -o addr show dev kube-ipvs0 | grep -v 'valid_lft forever'"
  sync --from in.yaml
  check "$1: the next sync has nothing to do" said 'nothing changed'
}
add() { ip addr add $1 dev kube-ipvs0; ip addr add $2 dev kube-ipvs0; }
# Each Service has another damage, and the last two addresses belong to none.
damage() {
  ip addr flush dev kube-ipvs0
  add '10.96.0.30 peer 10.0.0.9/32' 'fd00:96::30 peer fd00::9/128'
  add '10.96.0.31 peer 10.0.1.9/24' 'fd00:96::31 peer fd00:1::9/64'
  add 10.96.0.32/24 fd00:96::32/64
  add '10.96.0.33/32 scope link' 'fd00:96::33/128 preferred_lft 0 home noprefixroute'
  add '10.96.0.34/32 valid_lft 600 preferred_lft 600' 'fd00:96::34/128 valid_lft 600 preferred_lft 600'
  add '10.96.0.99 peer 10.0.2.9/32' 'fd00:96::99 peer fd00:2::9/64'
  ip -o addr show dev kube-ipvs0
  check 'twelve addresses are damaged' [ "$(ip -o addr show dev kube-ipvs0 | grep -vc ' fe80')" = 12 ]
}
dry() { $K sync --node node-a --cluster-cidr $CIDR --from in.yaml --dry-run "$@"; }
ip link add kube-ipvs0 type dummy; ip link set kube-ipvs0 up
damage; dry >/tmp/steps; dry --script batch >/tmp/batch
sync --from in.yaml; check 'the sync succeeds' code 0; right sync
for form in steps batch; do
  damage; show sh /tmp/$form; check "the script of $form does the same" code 0
  show sh /tmp/$form; check 'and may be run again' code 0
  right "$form"
done
