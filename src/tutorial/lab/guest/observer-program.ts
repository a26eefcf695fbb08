import { enterNamespace } from '../../../sandbox/perl.js';
import { guestPaths } from './paths.js';

/** The kernel parameters that the lesson is about, by their path below /proc/sys. */
const sysctls = [
  'net/ipv4/vs/conntrack',
  'net/ipv4/vs/conn_reuse_mode',
  'net/ipv4/vs/expire_nodest_conn',
  'net/ipv4/vs/expire_quiescent_template',
  'net/ipv4/ip_forward',
  'net/ipv4/conf/all/arp_ignore',
  'net/ipv4/conf/all/arp_announce',
  'net/bridge/bridge-nf-call-iptables',
];

/**
 * Reads the kernels of the workers that are its arguments, the cluster's objects and the notes about root shells and
 * servers, all in one process. Prints names and texts in turn, each with a NUL behind it:
 *
 * - `worker inajob ipset`: a text of WorkerTexts
 * - `object service.web-service`: the text of the file
 * - `server web-inajob`: `running`, or empty
 * - `root-shell inajob`: empty
 *
 * ipvsadm loads the kernel's module, so it is not called before that is there.
 */
export const observerProgram = String.raw`
use strict;
use warnings;

${enterNamespace}
sub text_of {
  my ($path) = @_;
  open(my $file, '<', $path) or return;
  local $/;
  return <$file> // '';
}

sub answer_of {
  open(my $pipe, '-|', @_) or die "$_[0]: $!\n";
  my $text = do { local $/; <$pipe> } // '';
  close $pipe or die "@_ ended with exit code " . ($? >> 8) . "\n";
  return $text;
}

sub names_in { opendir(my $folder, $_[0]) or return; return sort grep { !/^\./ } readdir $folder }

sub report { print "$_[0]\0$_[1]\0" }

sub sysctl_line { my $value = text_of("/proc/sys/$_[0]"); return defined $value ? "$_[0]=$value" : () }

for my $worker (@ARGV) {
  enter_namespace($worker);
  report("worker $worker ipset", answer_of('ipset', 'save'));
  report("worker $worker iptables", answer_of('iptables-save', '-c'));
  report("worker $worker addresses", answer_of('ip', '-j', '-d', 'addr'));
  my $virtual_servers = text_of('/proc/net/ip_vs');
  report("worker $worker ipVs", $virtual_servers // '');
  report("worker $worker stats", defined $virtual_servers ? answer_of('ipvsadm', '-Ln', '--stats') : '');
  report("worker $worker sysctls", join '', map { sysctl_line($_) } qw(${sysctls.join(' ')}));
}
for my $name (map { /^(.+)\.json$/ } names_in('${guestPaths.cluster}')) {
  my $text = text_of("${guestPaths.cluster}/$name.json");
  report("object $name", $text) if defined $text;
}
for my $name (map { /^(.+)\.pid$/ } names_in('${guestPaths.pods}')) {
  my $pid = text_of("${guestPaths.pods}/$name.pid") || 0;
  report("server $name", $pid > 0 && kill(0, $pid) ? 'running' : '');
}
report("root-shell $_", '') for names_in('${guestPaths.rootShells}');
`;
