import { enterNamespace } from '../perl.js';

/** Perl: mounts what commands expect, and prepares modules, the iptables tools, loopback and the host name. */
export const agentSetup = String.raw`
my ($MOUNT, $SETHOSTNAME, $UNSHARE) = (165, 170, 272);
my $BIND = 4096;
my $own = '/run/kproxy';
my $modules = $ENV{agent_modules} // '/usr/lib/uml/modules';
my $tools = $ENV{agent_iptables} // 'legacy';

sub mount {
  my ($source, $target, $type, $flags, $data) = @_;
  syscall($MOUNT, $source, $target, $type, $flags + 0, $data) == 0 or die "mount $type on $target: $!\n";
}

sub make_folder {
  my $path = '';
  for my $part (grep { length } split m{/}, $_[0]) { $path .= "/$part"; mkdir $path }
}

# Replaces /usr/lib by a folder of links. Tools look for modules in /usr/lib/modules alone, and the host may have no
# such folder to mount on.
sub link_modules {
  make_folder("$own/lib");
  mount('/usr/lib', "$own/lib", 'none', $BIND, '');
  mount('tmpfs', '/usr/lib', 'tmpfs', 0, 'mode=0755');
  opendir(my $folder, "$own/lib") or die "$own/lib: $!\n";
  symlink "$own/lib/$_", "/usr/lib/$_" for grep { !/^(?:\.|\.\.|modules)$/ } readdir $folder;
  symlink "$own/host$modules", '/usr/lib/modules';
}

# Gives the legacy tools their plain names, for a kernel without nf_tables.
sub link_legacy_tools {
  for my $family ('iptables', 'ip6tables') {
    symlink '/usr/sbin/xtables-legacy-multi', "$own/bin/$family$_" for '', '-save', '-restore';
  }
}

# Shows the guest's own programs in the first folder in which kproxy looks for tools, before those that the host has
# there: kproxy does not use PATH.
sub show_own_programs {
  my ($first) = grep { -d } qw(/usr/local/sbin /usr/local/bin /usr/sbin) or return;
  make_folder("$own/first");
  mount($first, "$own/first", 'none', $BIND, '');
  opendir(my $folder, "$own/first") or die "$own/first: $!\n";
  for my $name (grep { !/^\.\.?$/ } readdir $folder) {
    symlink "$own/first/$name", "$own/bin/$name" unless -e "$own/bin/$name";
  }
  mount("$own/bin", $first, 'none', $BIND, '');
}

sub loopback_up {
  socket(my $socket, AF_INET, SOCK_DGRAM, 0) or die "socket: $!\n";
  my $request = pack 'a16 s x22', 'lo', 1;
  ioctl $socket, 0x8914, $request or die "lo up: $!\n";
}

sub set_hostname {
  my ($name) = @_;
  syscall($SETHOSTNAME, $name, length($name) + 0) == 0 or die "host name $name: $!\n";
}

# Gives this process and its children a host name of their own.
sub take_hostname {
  my ($name) = @_;
  my $new_names = 0x04000000;
  syscall($UNSHARE, $new_names) == 0 or die "host name $name: $!\n";
  set_hostname($name);
}

${enterNamespace}
mount('proc', '/proc', 'proc', 0, '');
mount('sysfs', '/sys', 'sysfs', 0, '');
mount('tmpfs', $_, 'tmpfs', 0, $_ eq '/run' ? 'mode=0755' : 'mode=1777') for '/run', '/tmp', '/var/tmp';
symlink '/proc/self/fd', '/dev/fd';
make_folder('/dev/pts');
mount('devpts', '/dev/pts', 'devpts', 0, 'mode=0620,ptmxmode=0666');
make_folder("$own/home");
# Shows the host's files that the mounts above hide.
make_folder("$own/host");
mount('/', "$own/host", 'none', $BIND, '');
link_modules();
make_folder("$own/bin");
link_legacy_tools() if $tools eq 'legacy';
show_own_programs();
loopback_up();
set_hostname('sandbox');
# The kernel's arguments give conntrack a size, with which only the first network namespace may load it.
system '/sbin/modprobe', '-q', 'nf_conntrack';
chdir '/';
`;
