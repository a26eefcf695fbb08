#!/bin/bash
# Starts a small real control plane, etcd and kube-apiserver, for tests and for trying things out. Prints "ready" when it
# answers, and stays until it gets a signal; then all of it ends. FOLDER keeps the cluster's data, the logs and `kubeconfig`.
#
#   scripts/control-plane.sh FOLDER [ADDRESS [PORT]]     default: 127.0.0.1 6443; PORT + 1 and PORT + 2 are etcd's
#
# The environment may say more:
#   SERVICE_RANGES   cluster IPs, default 10.254.0.0/16,fd00:254::/112 (the chapter's)
#   CONTROLLERS      starts kube-controller-manager with these controllers (endpoints-controller, ...); default: none, so
#                    that nobody but kproxy writes Endpoints
# There is no scheduler and no kubelet: Pods name their node, and their status is patched.
set -euo pipefail

scripts=$(cd "$(dirname "$0")" && pwd)
names=(etcd kube-apiserver kubectl)
[ -z "${CONTROLLERS:-}" ] || names+=(kube-controller-manager)
programs=$("$scripts/build-kubernetes.sh" "${names[@]}")

[ $# -ge 1 ] || { sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2; }
folder=$(mkdir -p "$1" && cd "$1" && pwd)
address=${2:-127.0.0.1}
port=${3:-6443}
etcd=http://127.0.0.1:$((port + 1))
running=()

start() { # NAME ARGUMENT...
  local name=$1
  shift
  # The parts end with this script also when it is killed.
  setpriv --pdeathsig TERM -- "$programs/$name" "$@" >"$folder/$name.log" 2>&1 &
  running+=($!)
}

# shellcheck disable=SC2317 # called by the trap
stop() {
  trap '' INT TERM
  local index
  # Clients before etcd. None of them has anything to save, so that nobody is waited for long.
  for ((index = ${#running[@]} - 1; index >= 0; index--)); do
    kill "${running[index]}" 2>/dev/null || continue
    for _ in {1..20}; do
      kill -0 "${running[index]}" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "${running[index]}" 2>/dev/null || true
  done
  wait
}
trap stop EXIT
trap 'exit 0' INT TERM

write_credentials() {
  [ -s "$folder/service-account.key" ] || node -e '
    const { privateKey } = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
    process.stdout.write(privateKey.export({ type: "pkcs1", format: "pem" }));
  ' >"$folder/service-account.key"
  token=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
  echo "$token,admin,admin,system:masters" >"$folder/tokens.csv"
  cat >"$folder/kubeconfig" <<EOF
apiVersion: v1
kind: Config
current-context: kproxy
contexts: [{name: kproxy, context: {cluster: kproxy, user: admin}}]
clusters: [{name: kproxy, cluster: {server: "https://$address:$port", insecure-skip-tls-verify: true}}]
users: [{name: admin, user: {token: "$token"}}]
EOF
}

until_ready() {
  local started=$SECONDS
  until "$programs/kubectl" --kubeconfig "$folder/kubeconfig" get --raw /readyz >/dev/null 2>&1; do
    sleep 0.2
    for part in "${running[@]}"; do kill -0 "$part" 2>/dev/null || fail; done
    [ $((SECONDS - started)) -lt 120 ] || fail
  done
}

fail() {
  echo "control-plane: a part of it does not work; the ends of the logs in $folder:" >&2
  tail -n 3 "$folder"/*.log >&2
  exit 1
}

umask 077
write_credentials
start etcd --data-dir "$folder/etcd" --unsafe-no-fsync --log-level error \
  --listen-client-urls "$etcd" --advertise-client-urls "$etcd" --listen-peer-urls "http://127.0.0.1:$((port + 2))"
start kube-apiserver --etcd-servers "$etcd" --bind-address "$address" --advertise-address "$address" --secure-port "$port" \
  --cert-dir "$folder/certificates" --token-auth-file "$folder/tokens.csv" --authorization-mode RBAC \
  --service-cluster-ip-range "${SERVICE_RANGES:-10.254.0.0/16,fd00:254::/112}" \
  --service-account-issuer https://kubernetes.default --service-account-key-file "$folder/service-account.key" \
  --service-account-signing-key-file "$folder/service-account.key" \
  --endpoint-reconciler-type none --disable-admission-plugins ServiceAccount
until_ready
if [ -n "${CONTROLLERS:-}" ]; then
  start kube-controller-manager --kubeconfig "$folder/kubeconfig" --controllers "$CONTROLLERS" --leader-elect=false --secure-port 0
fi
echo ready
wait -n "${running[@]}" || true
fail
