/**
 * The guest's first process, in the Perl that every Debian has (perl-base only). A string and not a file of its own, so that it is still there
 * when the program is bundled into one file. It mounts what a command expects, then runs commands that arrive as frames (guest-protocol.ts) on
 * the serial line, each in its own process group, and powers the guest off when the line closes.
 * The kernel's command line can say otherwise than for User-Mode Linux where the line, the modules and the iptables tools are: see qemu.ts.
 */
export const guestAgent = String.raw`#!/usr/bin/perl
use strict;
use warnings;
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use POSIX ();
use Socket qw(AF_INET SOCK_DGRAM);

my ($MOUNT, $SETNS, $SETHOSTNAME, $REBOOT) = (165, 308, 170, 169);
my ($BIND, $NEW_NETWORK) = (4096, 0x40000000);
my $own = '/run/kproxy';
my $PIPE_CAPACITY = 65536;
my $line_pattern = $ENV{agent_line} // '/dev/ttyS0';
my $modules = $ENV{agent_modules} // '/usr/lib/uml/modules';
my $tools = $ENV{agent_iptables} // 'legacy';

sub power_off { syscall($REBOOT, 0xfee1dead, 0x28121969, 0x4321fedc, 0); exit 1 }

sub mount {
  my ($source, $target, $type, $flags, $data) = @_;
  syscall($MOUNT, $source, $target, $type, $flags + 0, $data) == 0 or die "mount $type on $target: $!\n";
}

sub make_folder {
  my $path = '';
  for my $part (grep { length } split m{/}, $_[0]) { $path .= "/$part"; mkdir $path }
}

sub raw_line {
  my ($fd) = @_;
  my $termios = POSIX::Termios->new;
  $termios->getattr($fd);
  $termios->setiflag(0);
  $termios->setoflag(0);
  $termios->setlflag(0);
  $termios->setcflag(POSIX::CS8() | POSIX::CREAD() | POSIX::HUPCL());
  $termios->setcc(POSIX::VMIN(), 1);
  $termios->setcc(POSIX::VTIME(), 0);
  $termios->setattr($fd, POSIX::TCSANOW());
}

# The host may have no /usr/lib/modules to mount on, and tools look nowhere else: so /usr/lib becomes a folder of links.
sub link_modules {
  make_folder("$own/lib");
  mount('/usr/lib', "$own/lib", 'none', $BIND, '');
  mount('tmpfs', '/usr/lib', 'tmpfs', 0, 'mode=0755');
  opendir(my $folder, "$own/lib") or die "$own/lib: $!\n";
  symlink "$own/lib/$_", "/usr/lib/$_" for grep { !/^(?:\.|\.\.|modules)$/ } readdir $folder;
  symlink "$own/host$modules", '/usr/lib/modules';
}

# For a kernel without nf_tables the plain names have to mean the legacy tools.
sub link_legacy_tools {
  make_folder("$own/bin");
  for my $family ('iptables', 'ip6tables') {
    symlink '/usr/sbin/xtables-legacy-multi', "$own/bin/$family$_" for '', '-save', '-restore';
  }
}

# A device that is found while the kernel boots may come late.
sub open_line {
  my $path;
  until (($path) = glob $line_pattern) { select undef, undef, undef, 0.01 }
  open(my $line, '+<', $path) or die "$path: $!\n";
  return $line;
}

sub loopback_up {
  socket(my $socket, AF_INET, SOCK_DGRAM, 0) or die "socket: $!\n";
  my $request = pack 'a16 s x22', 'lo', 1;
  ioctl $socket, 0x8914, $request or die "lo up: $!\n";
}

sub enter_namespace {
  my ($name) = @_;
  open(my $handle, '<', "/run/netns/$name") or die "network namespace $name: $!\n";
  syscall($SETNS, fileno($handle) + 0, $NEW_NETWORK + 0) == 0 or die "network namespace $name: $!\n";
}

mount('proc', '/proc', 'proc', 0, '');
mount('sysfs', '/sys', 'sysfs', 0, '');
mount('tmpfs', $_, 'tmpfs', 0, $_ eq '/run' ? 'mode=0755' : 'mode=1777') for '/run', '/tmp', '/var/tmp';
symlink '/proc/self/fd', '/dev/fd';
make_folder("$own/home");
# The host's files below what is mounted here.
make_folder("$own/host");
mount('/', "$own/host", 'none', $BIND, '');
link_modules();
link_legacy_tools() if $tools eq 'legacy';
loopback_up();
my $hostname = 'sandbox';
syscall($SETHOSTNAME, $hostname, length($hostname) + 0);
chdir '/';

my $line = open_line();
raw_line(fileno $line) if -t $line;
pipe(my $wake_read, my $wake_write) or die "pipe: $!\n";
nonblocking($_) for $wake_read, $wake_write;
$SIG{CHLD} = sub { syswrite $wake_write, 'x' };
$SIG{PIPE} = 'IGNORE';

my %commands;
my $received = '';

sub nonblocking { fcntl $_[0], F_SETFL, fcntl($_[0], F_GETFL, 0) | O_NONBLOCK }

sub send_frame {
  my ($type, $id, $payload) = @_;
  my $frame = pack('N a N', length $payload, $type, $id) . $payload;
  my $sent = 0;
  while ($sent < length $frame) {
    my $count = syswrite $line, $frame, length($frame) - $sent, $sent;
    if (defined $count) { $sent += $count }
    elsif (!$!{EINTR}) { power_off() }
  }
}

sub write_file {
  my ($path) = @_;
  my $content = '';
  1 while sysread STDIN, $content, $PIPE_CAPACITY, length $content;
  # Not buffered: a setting below /proc/sys must arrive in a single write.
  open(my $file, '>', $path) or die "$path: $!\n";
  my $sent = 0;
  do {
    my $count = syswrite $file, $content, length($content) - $sent, $sent;
    defined $count or die "$path: $!\n";
    $sent += $count;
  } while ($sent < length $content);
}

sub become {
  my ($action, $folder, $namespace, $environment, @arguments) = @_;
  enter_namespace($namespace) if length $namespace;
  chdir $folder or die "$folder: $!\n";
  return write_file(@arguments) if $action eq 'write';
  %ENV = map { split /=/, $_, 2 } @$environment;
  no warnings 'exec';
  exec { $arguments[0] } @arguments or do {
    my ($code, $reason) = ($!{ENOENT} ? 127 : 126, "$!");
    syswrite STDERR, "$arguments[0]: $reason\n";
    POSIX::_exit($code);
  };
}

sub start_command {
  my ($id, $payload) = @_;
  my ($action, $folder, $namespace, $count, @rest) = split /\0/, $payload, -1;
  my @environment = splice @rest, 0, $count;
  pipe(my $in_read, my $in_write) or die "pipe: $!\n";
  pipe(my $out_read, my $out_write) or die "pipe: $!\n";
  pipe(my $error_read, my $error_write) or die "pipe: $!\n";
  my $pid = fork;
  if (!defined $pid) {
    send_frame('E', $id, "fork: $!\n");
    return send_frame('X', $id, pack 'C C', 126, 0);
  }
  if (!$pid) {
    setpgrp 0, 0;
    $SIG{$_} = 'DEFAULT' for 'CHLD', 'PIPE';
    POSIX::dup2(fileno $in_read, 0);
    POSIX::dup2(fileno $out_write, 1);
    POSIX::dup2(fileno $error_write, 2);
    # Without an exec nothing closes this copy, and the file's end would never come.
    close $in_write;
    eval { become($action, $folder, $namespace, \@environment, @rest); 1 } or do { syswrite STDERR, $@; POSIX::_exit(126) };
    POSIX::_exit(0);
  }
  setpgrp $pid, $pid;
  nonblocking($_) for $in_write, $out_read, $error_read;
  $commands{$id} = { pid => $pid, in => $in_write, input => '', ended => 0, outputs => { O => $out_read, E => $error_read } };
}

sub feed {
  my ($command) = @_;
  return if !$command->{in};
  if (length $command->{input}) {
    my $count = syswrite $command->{in}, $command->{input};
    if (defined $count) { substr $command->{input}, 0, $count, '' }
    elsif (!$!{EAGAIN} && !$!{EINTR}) { @$command{'input', 'ended'} = ('', 1) }
  }
  delete $command->{in} if $command->{ended} && !length $command->{input};
}

sub share {
  my ($target, $source) = split /\0/, $_[0];
  make_folder($target);
  mount("$own/host$source", $target, 'none', $BIND, '');
}

sub handle {
  my ($type, $id, $payload) = @_;
  return start_command($id, $payload) if $type eq 'S';
  return share($payload) if $type eq 'M';
  my $command = $commands{$id} or return;
  if ($type eq 'K') { kill $payload, -$command->{pid} }
  elsif ($type eq 'I') { $command->{input} .= $payload; feed($command) }
  elsif ($type eq 'Z') { $command->{ended} = 1; feed($command) }
}

sub receive {
  my $count = sysread $line, $received, 4096, length $received;
  return if !defined $count && $!{EINTR};
  power_off() if !$count;
  send_frame('A', $count, '');
  while (length $received >= 9) {
    my ($length, $type, $id) = unpack 'N a N', $received;
    last if length $received < 9 + $length;
    my $payload = substr substr($received, 0, 9 + $length, ''), 9;
    handle($type, $id, $payload);
  }
}

# Returns the number of bytes passed on, 0 if there is nothing now.
sub pass_on {
  my ($id, $type) = @_;
  my $outputs = $commands{$id}{outputs};
  my $count = sysread($outputs->{$type}, my $chunk, $PIPE_CAPACITY);
  if ($count) { send_frame($type, $id, $chunk) }
  elsif (defined $count || (!$!{EAGAIN} && !$!{EINTR})) { delete $outputs->{$type} }
  return $count || 0;
}

# What the command wrote is in its pipes. Whoever it left behind may go on writing there, so the end of file is not waited for.
sub finish {
  my ($id, $status) = @_;
  for my $type (keys %{ $commands{$id}{outputs} }) {
    my $left = $PIPE_CAPACITY;
    while ($left > 0 && $commands{$id}{outputs}{$type}) { $left -= pass_on($id, $type) || last }
  }
  delete $commands{$id};
  send_frame('X', $id, pack 'C C', $status >> 8, $status & 127);
}

sub reap {
  sysread($wake_read, my $ignored, 4096);
  while ((my $pid = waitpid -1, POSIX::WNOHANG()) > 0) {
    my $status = $?;
    for my $id (keys %commands) { finish($id, $status) if $commands{$id}{pid} == $pid }
  }
}

send_frame('R', 0, '');
while (1) {
  my ($readable, $writable) = ('', '');
  vec($readable, fileno $_, 1) = 1 for $line, $wake_read, map { values %{ $_->{outputs} } } values %commands;
  vec($writable, fileno $_->{in}, 1) = 1 for grep { $_->{in} && length $_->{input} } values %commands;
  next if select($readable, $writable, undef, undef) < 0;
  for my $command (values %commands) { feed($command) if $command->{in} && vec $writable, fileno $command->{in}, 1 }
  for my $id (keys %commands) {
    for my $type (keys %{ $commands{$id}{outputs} }) {
      pass_on($id, $type) if vec $readable, fileno $commands{$id}{outputs}{$type}, 1;
    }
  }
  reap() if vec $readable, fileno $wake_read, 1;
  receive() if vec $readable, fileno $line, 1;
}
`;
