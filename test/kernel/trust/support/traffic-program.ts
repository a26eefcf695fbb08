/**
 * The start of both programs below. A flow is a line `NAME NAMESPACE PROTOCOL ADDRESS PORT` of their standard input.
 */
const common = String.raw`
use strict;
use warnings;
use Errno qw(EINPROGRESS);
use Fcntl qw(F_GETFL F_SETFL LOCK_EX O_CREAT O_NONBLOCK O_RDWR);
use List::Util qw(max shuffle);
use Socket qw(:DEFAULT inet_pton IPPROTO_TCP);

my ($SETNS, $NEW_NETWORK) = (308, 0x40000000);
my ($TCP_INFO, $TOTAL_RETRANSMITS) = (11, 100);
my %protocols = (tcp => [SOCK_STREAM, 6], udp => [SOCK_DGRAM, 17]);
my %namespaces;
my ($port, $last_port) = (0, 0);
$| = 1;
$SIG{PIPE} = 'IGNORE';
$SIG{CHLD} = 'IGNORE';

sub enter {
  my ($name) = @_;
  if (!$namespaces{$name}) { open $namespaces{$name}, '<', "/run/netns/$name" or die "network namespace $name: $!\n" }
  syscall($SETNS, fileno($namespaces{$name}) + 0, $NEW_NETWORK) == 0 or die "network namespace $name: $!\n";
}

# All programs use a source port once. IPVS remembers a connection for minutes, and the next one from the same port
# would reach the same backend.
sub next_port {
  return ++$port if $port < $last_port;
  sysopen(my $file, '/run/kproxy-test-ports', O_RDWR | O_CREAT) or die "ports: $!\n";
  flock $file, LOCK_EX;
  my $count = sysread $file, my $text, 16;
  $port = $count ? $text + 0 : 33_000;
  $last_port = $port + 19;
  die "more connections than source ports\n" if $last_port > 65_535;
  sysseek $file, 0, 0;
  syswrite $file, $last_port + 1;
  return $port;
}

sub failed {
  my ($number) = @_;
  local $! = $number;
  my ($name) = grep { $!{$_} } sort keys %!;
  return $name eq 'ECONNREFUSED' || $name eq 'EPERM' ? 'refused' : $name;
}

sub dial {
  my ($flow) = @_;
  enter($flow->{namespace});
  my $source_port = next_port();
  my ($type, $number) = @{ $protocols{ $flow->{protocol} } };
  my ($family, $source, $target) = $flow->{address} =~ /:/
    ? (AF_INET6, pack_sockaddr_in6($source_port, Socket::IN6ADDR_ANY),
      pack_sockaddr_in6($flow->{port}, inet_pton(AF_INET6, $flow->{address})))
    : (AF_INET, pack_sockaddr_in($source_port, INADDR_ANY),
      pack_sockaddr_in($flow->{port}, inet_pton(AF_INET, $flow->{address})));
  socket(my $socket, $family, $type, $number) or die "socket: $!\n";
  setsockopt $socket, SOL_SOCKET, SO_REUSEADDR, 1;
  # Closing resets a connection. IPVS remembers one that was closed normally for two minutes, for which its backend
  # would have to drain.
  setsockopt $socket, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0);
  bind($socket, $source) or die "bind $source_port: $!\n";
  fcntl $socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK;
  my $error = connect($socket, $target) ? 0 : $! + 0;
  return ($socket, $error == EINPROGRESS ? 0 : $error, $error == EINPROGRESS);
}

# Seconds, of which each wait counts for no more than it was meant to last, so that a busy machine causes no timeouts.
my $now = 0;
sub wait_at_most {
  my ($readable, $writable, $seconds) = @_;
  my ($count, $left) = select $readable, $writable, undef, $seconds;
  $now += $seconds - $left if $count >= 0;
  return $count > 0 ? ($readable, $writable) : ('', '');
}

my @flows = map { my %flow; @flow{'name', 'namespace', 'protocol', 'address', 'port'} = split; \%flow } <STDIN>;
`;

/**
 * Opens connections until it is stopped, one flow after the other, and reads the backend's name on each. Its arguments
 * are a file for the number of answered connections, and the pause between two connections in seconds. SIGHUP ends a
 * part, SIGTERM everything. Then it prints a line `FLOW|OUTCOME|COUNT` for each outcome of the part, and `end NUMBER`.
 * Prints `flowing` when each flow has had an answer.
 */
export const trafficProgram = String.raw`${common}
my ($count_file, $pause) = @ARGV;
my $limit = 32;
my ($part_ends, $all_ends, $answered, $next_begin) = (0, 0, 0, 0);
my (%tally, %flowing, @open, @turn);
srand 1;
$SIG{HUP} = sub { $part_ends = 1 };
$SIG{TERM} = sub { $part_ends = $all_ends = 1 };
open(my $counter, '>', $count_file) or die "$count_file: $!\n";

sub count { sysseek $counter, 0, 0; syswrite $counter, "$answered\n" }

sub finish {
  my ($request, $outcome) = @_;
  $tally{ $request->{part} }{"$request->{flow}{name}|$outcome"}++;
  @open = grep { $_ != $request } @open;
  close $request->{socket};
  $answered++;
  count();
  if ($outcome =~ / saw / && !$flowing{ $request->{flow}{name} }++ && keys %flowing == @flows) { print "flowing\n" }
}

sub speak {
  my ($request) = @_;
  # A first packet that had to be sent again was lost, even if the next one came through.
  if ($request->{flow}{protocol} eq 'tcp') {
    my $info = getsockopt $request->{socket}, IPPROTO_TCP, $TCP_INFO;
    return finish($request, 'lost a packet') if unpack "x$TOTAL_RETRANSMITS L", $info;
  }
  return finish($request, failed($! + 0)) if !defined syswrite $request->{socket}, "who\n";
  @$request{'phase', 'deadline'} = ('answer', $now + 5);
}

my $part = 0;
sub begin {
  my ($flow) = @_;
  my ($socket, $error, $pending) = dial($flow);
  my $request = { socket => $socket, flow => $flow, part => $part, phase => 'connection', deadline => $now + 5 };
  push @open, $request;
  if ($error) { finish($request, failed($error)) }
  elsif (!$pending) { speak($request) }
}

sub proceed {
  my ($request) = @_;
  my $error = unpack 'i', getsockopt $request->{socket}, SOL_SOCKET, SO_ERROR;
  return finish($request, failed($error)) if $error;
  return speak($request) if $request->{phase} eq 'connection';
  my $count = sysread $request->{socket}, my $text, 4096;
  return finish($request, failed($! + 0)) if !defined $count;
  finish($request, $text =~ /^(\S+ saw \S+) \d+\n/ ? $1 : 'cut');
}

sub bits { my $set = ''; vec($set, fileno $_->{socket}, 1) = 1 for @_; return $set }

sub attend {
  my ($readable, $writable) = wait_at_most(
    bits(grep { $_->{phase} eq 'answer' } @open),
    bits(grep { $_->{phase} eq 'connection' } @open),
    max($next_begin - $now, 0.001));
  my @all = @open;
  for my $request (@all) {
    my $number = fileno $request->{socket};
    if (vec($readable, $number, 1) || vec($writable, $number, 1)) { proceed($request) }
    elsif ($request->{deadline} <= $now) { finish($request, 'timeout') }
  }
}

sub report {
  my ($ended) = @_;
  print "$_|$tally{$ended}{$_}\n" for sort keys %{ $tally{$ended} };
  print 'end ', $ended + 1, "\n";
  delete $tally{$ended};
}

while (1) {
  if ($part_ends) {
    $part_ends = 0;
    my $ended = $part++;
    while (grep { $_->{part} == $ended } @open) { attend() }
    report($ended);
    exit 0 if $all_ends;
  }
  # In another order each time: flows in step with a round robin would each have but one backend.
  @turn = shuffle(@flows) if !@turn;
  if (@open < $limit && $now >= $next_begin) {
    begin(shift @turn);
    $next_begin = $now + $pause;
  }
  attend();
}
`;

/**
 * Opens a connection for each flow and keeps it open. Reads the backend's name on all of them, at once and at each
 * SIGHUP. After each round it prints a line `FLOW|OUTCOME` for each, and `end NUMBER`. SIGTERM ends everything.
 */
export const conversationProgram = String.raw`${common}
my ($asked, $over, $rounds) = (1, 0, 0);
$SIG{HUP} = sub { $asked = 1 };
$SIG{TERM} = sub { $over = 1 };

sub bits { my $set = ''; vec($set, fileno $_->{socket}, 1) = 1 for @_; return $set }

for my $flow (@flows) {
  my ($socket, $error) = dial($flow);
  @$flow{'socket', 'outcome'} = ($socket, $error ? failed($error) : undef);
  my ($readable, $writable) = ('', '');
  my $deadline = $now + 5;
  (undef, $writable) = wait_at_most('', bits($flow), 0.05) while $writable !~ /[^\0]/ && $now < $deadline;
}

sub ask_all {
  for my $flow (grep { !defined $_->{outcome} } @flows) {
    my $error = unpack 'i', getsockopt $flow->{socket}, SOL_SOCKET, SO_ERROR;
    $flow->{outcome} = failed($error || $! + 0) if $error || !defined syswrite $flow->{socket}, "who\n";
  }
  my $deadline = $now + 5;
  my @waiting = grep { !defined $_->{outcome} } @flows;
  my %answer;
  while (@waiting && $now < $deadline) {
    my ($readable) = wait_at_most(bits(@waiting), '', 0.05);
    for my $flow (grep { vec $readable, fileno $_->{socket}, 1 } @waiting) {
      my $count = sysread $flow->{socket}, my $text, 4096;
      if (!defined $count) { $flow->{outcome} = failed($! + 0) }
      elsif ($text =~ /^(\S+ saw \S+) \d+\n/) { $answer{ $flow->{name} } = $1 }
      else { $flow->{outcome} = 'cut' }
    }
    @waiting = grep { !defined $_->{outcome} && !$answer{ $_->{name} } } @waiting;
  }
  print "$_->{name}|", $_->{outcome} // $answer{ $_->{name} } // 'timeout', "\n" for @flows;
  print 'end ', ++$rounds, "\n";
}

while (!$over) {
  if ($asked) { $asked = 0; ask_all() }
  else { select undef, undef, undef, 0.02 }
}
`;
