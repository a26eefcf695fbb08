from=../ipv6-off-at-boot/in.yaml
switch() { sysctl -qw net.ipv6.conf.$1.disable_ipv6=$2; }
ipv6() { [ -n "$(ipset list -n | grep -e '-6-'; ipvsadm -Sn | grep -F '['; ip6tables-save | grep KUBE)" ]; }
sync --from $from
check 'IPv6 is served at first' ipv6
for scope in all kube-ipvs0; do
  switch $scope 1; sync --from $from
  check "the reason is told: $scope" said "net.ipv6.conf.$scope.disable_ipv6 is 1"
  check 'sync does not end with an error' code 0
  check 'nothing of IPv6 is left' not ipv6
  check 'IPv4 is served' rs t 10.96.0.20:80 10.244.1.7:8080
  diff_ --from $from
  check 'diff agrees' code 0
  switch $scope 0; sync --from $from
  check 'IPv6 is back' rs t '[fd00:96::20]:80' '[fd00:244:1::7]:8080'
done
show $K cleanup; switch default 1; sync --from $from
check 'new devices cannot have IPv6' said 'net.ipv6.conf.default.disable_ipv6 is 1'
check 'nothing of IPv6 is there' not ipv6
sync --from $from
check 'a second run finds nothing to do' said 'nothing changed'
