#!/bin/bash
# Starts a small real control plane, etcd and kube-apiserver, for tests and experiments. Prints "ready" as soon as it
# answers, and runs until it gets a signal. FOLDER keeps the cluster's data, the logs and `kubeconfig`.
#
#   scripts/control-plane.sh FOLDER [ADDRESS [PORT]]     default: 127.0.0.1 6443; PORT + 1 and PORT + 2 are etcd's
#
# Environment variables:
#   SERVICE_RANGES   ranges of cluster IPs; default: 10.254.0.0/16,fd00:254::/112, which has the tutorial's range
#   CONTROLLERS      controllers of a kube-controller-manager to start, such as endpoints-controller; default: none, so
#                    that only kproxy writes Endpoints
#   API_SERVER_FLAGS more flags of kube-apiserver, separated by blanks
#   START_SECONDS    the limit for the start; default: 480, which a busy machine may need
# There is no scheduler and no kubelet: a Pod must name its node, and its status must be patched.
set -euo pipefail

scripts=$(cd "$(dirname "$0")" && pwd)
names=(etcd kube-apiserver kubectl)
[ -z "${CONTROLLERS:-}" ] || names+=(kube-controller-manager)
programs=$("$scripts/build-kubernetes.sh" "${names[@]}")

[ $# -ge 1 ] || { sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 2; }
folder=$(mkdir -p "$1" && cd "$1" && pwd)
address=${2:-127.0.0.1}
port=${3:-6443}
etcd=http://127.0.0.1:$((port + 1))
read -ra api_server_flags <<<"${API_SERVER_FLAGS:-}"
processes=()

start() { # NAME ARGUMENT...
  local name=$1
  shift
  # The processes end with this script, even if it is killed.
  setpriv --pdeathsig TERM -- "$programs/$name" "$@" >"$folder/$name.log" 2>&1 &
  processes+=($!)
}

# shellcheck disable=SC2317 # called by the trap
stop() {
  trap '' INT TERM
  local index
  # The clients of etcd end before it. None has data to save, so each gets only two seconds.
  for ((index = ${#processes[@]} - 1; index >= 0; index--)); do
    kill "${processes[index]}" 2>/dev/null || continue
    for _ in {1..20}; do
      kill -0 "${processes[index]}" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "${processes[index]}" 2>/dev/null || true
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

wait_until_ready() {
  local started=$SECONDS limit=${START_SECONDS:-480} process unready
  until ask /readyz >/dev/null; do
    sleep 0.3
    for process in "${processes[@]}"; do kill -0 "$process" 2>/dev/null || fail "a process ended"; done
    [ $((SECONDS - started)) -lt "$limit" ] && continue
    unready=$(ask '/readyz?verbose' | grep '^\[-\]' || true)
    fail "not ready within $limit s${unready:+: $unready}"
  done
}

# Prints the answer of the API server, also one that is an error.
ask() { # PATH
  "$programs/kubectl" --kubeconfig "$folder/kubeconfig" --request-timeout 10s get --raw "$1" 2>&1
}

fail() { # WHAT
  echo "control-plane: $1. The logs in $folder end with:" >&2
  tail -n 3 "$folder"/*.log >&2
  exit 1
}

umask 077
write_credentials
start etcd --data-dir "$folder/etcd" --unsafe-no-fsync --log-level error \
  --listen-client-urls "$etcd" --advertise-client-urls "$etcd" --listen-peer-urls "http://127.0.0.1:$((port + 2))"
start kube-apiserver --etcd-servers "$etcd" \
  --bind-address "$address" --advertise-address "$address" --secure-port "$port" \
  --cert-dir "$folder/certificates" --token-auth-file "$folder/tokens.csv" --authorization-mode RBAC \
  --service-cluster-ip-range "${SERVICE_RANGES:-10.254.0.0/16,fd00:254::/112}" \
  --service-account-issuer https://kubernetes.default --service-account-key-file "$folder/service-account.key" \
  --service-account-signing-key-file "$folder/service-account.key" \
  --endpoint-reconciler-type none --disable-admission-plugins ServiceAccount \
  ${api_server_flags[@]+"${api_server_flags[@]}"}
wait_until_ready
if [ -n "${CONTROLLERS:-}" ]; then
  start kube-controller-manager --kubeconfig "$folder/kubeconfig" --controllers "$CONTROLLERS" \
    --leader-elect=false --secure-port 0
fi
echo ready
wait -n "${processes[@]}" || true
fail "a process ended"
