ip route add table local broadcast 10.10.7.7 dev eth0
sync --from in.yaml
dump
check 'the exit code is that of an object with a fault' code 3
check 'the message names the object and says why' said 'default/odd.*unicast.*10.10.7.7'
check 'its other endpoint is served' rs t 10.96.0.31:80 10.244.1.31:8080
check 'the refused one is not' rss t 10.96.0.31:80 1
check 'the other Service is served' rs t 10.96.0.30:80 10.244.1.30:8080
# behind 202 virtual servers of one Service, in a run that does not know of it yet
ports=$(printf '{ name: p%d, port: %d }, ' 1 1 2 2); ips=$(seq -f 192.0.2.%g -s, 1 100)
cat >/tmp/large.yaml <<EOF
---
apiVersion: v1
kind: Service
metadata: { name: large, namespace: default }
spec: { clusterIP: 10.96.0.32, ports: [$ports], externalIPs: [$ips] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: large-1, namespace: default, labels: { kubernetes.io/service-name: large } }
addressType: IPv4
ports: [$ports]
endpoints: [{ addresses: [10.10.7.7], conditions: { ready: true } }, { addresses: [10.244.1.32], conditions: { ready: true } }]
EOF
cat in.yaml /tmp/large.yaml >/tmp/all.yaml
processes() { awk '/^processes/ { print $2 }' /proc/stat; }; before=$(processes)
sync --from /tmp/all.yaml
after=$(processes)
check 'one refusal for each of 202 virtual servers takes few processes' [ $((after - before)) -lt 150 ]
check 'the other endpoint is served by each of them' [ "$(ipvsadm -Sn | grep -c 'r 10.244.1.32:')" = 202 ]
sync --from in.yaml
mkdir /tmp/c; cp in.yaml /tmp/c/in.yaml
$K sync --watch --from /tmp/c --node node-a --cluster-cidr $CIDR --sync-period 3s 2>/tmp/log & w=$!
until grep -q unicast /tmp/log; do sleep 0.5; done
sed 's/10.244.1.30/10.244.1.77/' in.yaml >/tmp/in.yaml; cp /tmp/in.yaml /tmp/c/in.yaml; until_ rs t 10.96.0.30:80 10.244.1.77:8080
check 'the other Service gets its new endpoint' rs t 10.96.0.30:80 10.244.1.77:8080
# longer than twice the sync period
sleep 7
curl -s -o /dev/null -w 'healthz %{http_code}\n' localhost:10256/healthz | tee /tmp/out
check 'the node is healthy' said 200
ip route del table local broadcast 10.10.7.7 dev eth0; until_ rs t 10.96.0.31:80 10.10.7.7:8080
check 'it is served when the node takes it' rs t 10.96.0.31:80 10.10.7.7:8080
check 'the log has one line of it' [ "$(grep -c unicast /tmp/log)" = 1 ]
kill $w; wait $w 2>/dev/null; cat /tmp/log
