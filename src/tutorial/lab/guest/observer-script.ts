import { sysctlNames } from '../../../node/names.js';
import { guestPaths } from './paths.js';

/** The kernel parameters that the lesson is about, by their path below `sysctlFolder`. */
const sysctls = [...sysctlNames, 'net/bridge/bridge-nf-call-iptables'];

export const sysctlFolder = '/proc/sys';
export const virtualServersPath = '/proc/net/ip_vs';
export const workerObserverPath = `${guestPaths.lesson}/observe-worker`;

/**
 * Prints what the namespace that it runs in answers: the sets, the rules, the devices, the counters of the virtual
 * servers, and the lines of files, each with the path before it. Each part has a NUL behind it. The files are those of
 * the kernel and the script's arguments.
 *
 * Starting a process takes most of the time. So one grep reads all files, and no tool is started that would have
 * nothing to print: without a table or a virtual server in /proc. Besides, ipvsadm would load the kernel's module.
 */
export const workerObserver = `ipset save || exit
printf '\\0'
read -r table 2>/dev/null </proc/net/ip_tables_names && { iptables-save -c || exit; }
printf '\\0'
ip -j -d addr || exit
printf '\\0'
# The first virtual server is on the fourth line.
for number in 1 2 3 4; do read -r line || break; done 2>/dev/null <${virtualServersPath} && [ -n "$line" ] && {
  ipvsadm -Ln --stats || exit
}
printf '\\0'
grep -asH '' ${sysctls.map(name => `${sysctlFolder}/${name}`).join(' ')} ${virtualServersPath} "$@"
printf '\\0'
`;

/**
 * Prints in one go what is observed, from inajob's namespace, each part with a NUL behind it: the answer of inajob,
 * whose files include those of the cluster's objects, and that of yuanying, the Pods and machines whose servers run,
 * those whose servers have ended, and the machines with a root shell. With an argument, yuanying is left out.
 *
 * A shell starts a tool in half the time that Perl takes, since it has less memory to copy.
 */
export const observer = `without_yuanying=$#
set -- ${guestPaths.cluster}/*.json
. ${workerObserverPath}
[ $without_yuanying -gt 0 ] || nsenter --net=/run/netns/yuanying sh ${workerObserverPath} || exit
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
