sync --from in.yaml; dump
check 'ends with 3' code 3
for a in 0.0.0.0 0.1.2.3 127.0.0.1 224.0.0.5 239.1.1.1 255.255.255.255 10.10.0.255 :: ::1 fe80::5 ff02::5 ff0e::31; do
  check "names $a as a VIP" grep -q "spec.externalIPs.*: \"$a\"$" /tmp/out
  check "names $a as an endpoint" grep -q "endpoints.*addresses.*: \"$a\"$" /tmp/out
done
check 'names a load balancer address' said 'status.loadBalancer.ingress\[0\].ip: is a multicast address'
for a in 10.96.0.30 169.254.20.10 240.0.0.1 198.51.100.7 203.0.113.7; do
  check "$a is bound" bound $a
  for r in 169.254.169.254 240.0.0.9 10.244.1.30; do check "$a leads to $r" rs t $a:80 $r:8080; done
  check "$a has no other endpoints" rss t $a:80 3
done
check 'the node port is served' rs t 10.10.0.11:30030 10.244.1.30:8080
for a in fd00:96::31 fec0::7 2001:db8::7 2001:db8::70; do
  check "$a is bound" bound $a
  check "$a leads to its endpoint" rs t [$a]:80 [fd00:244:1::31]:8080
done
check 'the source ranges are there' [ "$(ipset save KUBE-LOAD-BALANCER-SOURCE-CIDR | grep -c ^add)" = 6 ]
check 'those of IPv6 too' [ "$(ipset save KUBE-6-LOAD-BALANCER-SOURCE-CID | grep -c ^add)" = 3 ]
sync --from in.yaml
check 'the next sync has nothing to do' said 'nothing changed'
check 'and says it again' code 3
