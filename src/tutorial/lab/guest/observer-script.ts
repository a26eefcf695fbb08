import { sysctlNames } from '../../../node/names.js';
import { guestPaths } from './paths.js';

/** The kernel parameters that the lesson is about, by their path below /proc/sys. */
const sysctls = [...sysctlNames, 'net/bridge/bridge-nf-call-iptables'];

export const workerObserverPath = `${guestPaths.lesson}/observe-worker`;

/**
 * Prints the texts of WorkerTexts of the namespace that it runs in, in their order, each with a NUL behind it. Starts
 * iptables-save only if /proc has a table, and ipvsadm only if it has a virtual server. That saves a third of the time,
 * and ipvsadm would load the kernel's module.
 */
export const workerObserver = `ipset save || exit
printf '\\0'
read -r table </proc/net/ip_tables_names 2>/dev/null && { iptables-save -c || exit; }
printf '\\0'
ip -j -d addr || exit
printf '\\0'
servers=''
[ ! -e /proc/net/ip_vs ] || servers=$(cat /proc/net/ip_vs) || exit
printf '%s\\0' "$servers"
case $servers in *:[0-9A-F][0-9A-F][0-9A-F][0-9A-F]\\ * | *FWM*) ipvsadm -Ln --stats || exit ;; esac
printf '\\0'
(cd /proc/sys && grep -sH '' ${sysctls.join(' ')})
printf '\\0'
`;

/**
 * Prints everything that is observed, each part with a NUL behind it: the texts of inajob, in whose namespace it runs,
 * those of yuanying, the files of the cluster's objects with their names before each line, the Pods and machines whose
 * servers run, those whose servers have ended, and the machines with a root shell. With an argument, yuanying is left
 * out.
 *
 * A shell starts a tool in half the time that Perl takes, since it has less memory to copy.
 */
export const observer = `. ${workerObserverPath}
[ $# -gt 0 ] || nsenter --net=/run/netns/yuanying sh ${workerObserverPath} || exit
cd ${guestPaths.cluster} && grep -aH '' *.json
printf '\\0'
cd ${guestPaths.pods} || exit
running='' ended=''
for file in *.pid; do
  read -r pid <"$file" && kill -0 "$pid" && running="$running \${file%.pid}" || ended="$ended \${file%.pid}"
done 2>/dev/null
printf '%s\\0%s\\0' "$running" "$ended"
cd ${guestPaths.rootShells} || exit
for file in *; do [ ! -e "$file" ] || printf '%s ' "$file"; done
printf '\\0'
`;
