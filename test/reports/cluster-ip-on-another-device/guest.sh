elsewhere() { ip -o addr show dev nodelocaldns | grep -qF " $1/"; }
ip link add nodelocaldns type dummy
ip addr add 10.96.0.10/32 dev nodelocaldns; ip addr add 169.254.20.10/32 dev nodelocaldns; ip addr add fd00:96::10/128 dev nodelocaldns nodad; ip addr add 10.96.7.7/32 dev nodelocaldns
sync --from in.yaml; dump
check 'succeeds' code 0
check 'the cluster IP is bound' bound 10.96.0.10
check 'that of IPv6 too' bound fd00:96::10
check 'an external address that another device has is not' not bound 10.96.7.7
check 'and is served' rs t 10.96.7.7:80 10.244.1.30:8080
check 'the Service is served' rs t 10.96.0.10:80 10.244.1.30:8080
sync --from in.yaml
check 'the next sync has nothing to do' said 'nothing changed'
diff_ --from in.yaml
check 'diff says the same' code 0
show $K cleanup
check 'cleanup succeeds' code 0
check 'the other device keeps its addresses' elsewhere 10.96.0.10
check 'of IPv6 too' elsewhere fd00:96::10
check 'and they are local as before' sh -c "ip route show table local | grep -q '^local 10.96.0.10 dev nodelocaldns'"
sync --from in.yaml
ip link del nodelocaldns
check 'the Service stays when the device goes' bound 10.96.0.10
sync --from in.yaml
check 'and the external address is bound then' bound 10.96.7.7
