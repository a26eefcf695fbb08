import { expect, test } from 'vitest';
import { onlyLooks } from '../../../src/tutorial/lab/only-looks.js';

test.each([
  'curl 10.254.10.128',
  'curl -m 2 10.254.10.128',
  'for i in 1 2 3 4; do curl 10.254.10.128; done',
  'for i in 1 2; do curl -m 1 10.254.10.128 2>&1; done',
  'kubectl get pod -o wide --show-labels',
  'kubectl get service web-service -o yaml',
  'cat web-service.yaml',
  'ipvsadm -Ln',
  'sudo ipvsadm -Ln --stats',
  'iptables -t nat -L KUBE-MARK-MASQ -v -n',
  'sudo iptables -S FORWARD | head -n 1',
  'ip addr show dev kube-ipvs0',
  'ipset list KUBE-CLUSTER-IP',
  'kproxy diff --profile tutorial --cluster-cidr 10.244.0.0/16',
  'kproxy explain web-service --source inajob | tail -n 12',
  'kproxy sync --dry-run --full --profile tutorial | grep KUBE-MARK-MASQ',
  "kproxy sync --dry-run --full --profile tutorial | grep -v -e '^#' -e '||$' -e '^$'",
])('%s only looks', command => {
  expect(onlyLooks(command)).toBe(true);
});

test.each([
  'sudo su',
  'sudo ipset create KUBE-CLUSTER-IP hash:ip,port',
  'ipset add KUBE-CLUSTER-IP 10.254.10.128,tcp:80',
  'echo 1 | sudo tee /proc/sys/net/ipv4/vs/conntrack',
  'echo 0 > /proc/sys/net/ipv4/vs/conntrack',
  'cat web-service.yaml > other.yaml',
  'kubectl apply -f web-service.yaml',
  'kubectl get pod; kubectl delete pod --all',
  'cat <<EOF | kubectl apply -f -\nkind: Service\nEOF',
  'kproxy sync --profile tutorial --cluster-cidr 10.244.0.0/16',
  'time kproxy sync --profile tutorial',
  'kproxy endpoints web-service',
  'kproxy cleanup',
  'web stop',
  'POD_IP1=10.244.2.2',
  'curl $(ipvsadm -C)',
  'curl `ipvsadm -C`',
  'ipvsadm -A -t 10.254.10.128:80 -s rr',
  'iptables -t nat -D KUBE-MARK-MASQ 1',
  'iptables -P FORWARD DROP',
  'ip addr del 10.254.10.128/32 dev kube-ipvs0',
  'ip link add kube-ipvs0 type dummy',
  'cd /tmp',
  `echo "it's"; ipset flush; echo "it's"`,
  "echo \\'; ipset flush; echo \\'",
  "sh -c 'ipset flush'",
  'for x in $(ipset flush); do curl $x; done',
])('%s may change something', command => {
  expect(onlyLooks(command)).toBe(false);
});
