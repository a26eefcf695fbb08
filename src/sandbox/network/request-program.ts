/**
 * Sends requests one after the other. Standard input: a line `NAMESPACE PROTOCOL ADDRESS PORT MILLISECONDS` each.
 * Prints a line each: `answered NAME ADDRESS PORT`, `failed ERROR` (the name of the error number), or `timeout`.
 */
export const requestProgram = String.raw`
use strict;
use warnings;
use Errno qw(EINPROGRESS);
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use Socket qw(:DEFAULT inet_pton);

my ($SETNS, $NEW_NETWORK) = (308, 0x40000000);
my %protocols = (tcp => [SOCK_STREAM, 6], udp => [SOCK_DGRAM, 17], sctp => [SOCK_STREAM, 132]);

sub enter {
  my ($name) = @_;
  open(my $handle, '<', "/run/netns/$name") or die "network namespace $name: $!\n";
  syscall($SETNS, fileno($handle) + 0, $NEW_NETWORK) == 0 or die "network namespace $name: $!\n";
}

sub failed { my ($number) = @_; local $! = $number; return 'failed ' . ((grep { $!{$_} } sort keys %!)[0] // $number) }

sub target {
  my ($address, $port) = @_;
  return (AF_INET6, pack_sockaddr_in6($port, inet_pton(AF_INET6, $address))) if $address =~ /:/;
  return (AF_INET, pack_sockaddr_in($port, inet_pton(AF_INET, $address)));
}

# Undefined when the socket is ready, otherwise what came instead.
sub wait_until {
  my ($socket, $for_writing, $milliseconds) = @_;
  my $set = '';
  vec($set, fileno $socket, 1) = 1;
  my $count = $for_writing ? select(undef, $set, undef, $milliseconds / 1000) : select($set, undef, undef, $milliseconds / 1000);
  return 'timeout' if !$count;
  my $error = unpack 'i', getsockopt $socket, SOL_SOCKET, SO_ERROR;
  return $error ? failed($error) : undef;
}

sub ask {
  my ($protocol, $address, $port, $milliseconds) = @_;
  my ($family, $target) = target($address, $port);
  my ($type, $number) = @{ $protocols{$protocol} };
  socket(my $socket, $family, $type, $number) or return failed($! + 0);
  fcntl $socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK;
  if (!connect($socket, $target)) {
    return failed($! + 0) if $! != EINPROGRESS;
    my $problem = wait_until($socket, 1, $milliseconds);
    return $problem if $problem;
  }
  defined syswrite($socket, "who\n") or return failed($! + 0);
  my $problem = wait_until($socket, 0, $milliseconds);
  return $problem if $problem;
  my $count = sysread($socket, my $text, 4096);
  return failed($! + 0) if !defined $count;
  return $text =~ /^(\S+) saw (\S+) (\d+)\n/ ? "answered $1 $2 $3" : 'failed EPROTO';
}

$| = 1;
for (<STDIN>) {
  my ($namespace, @request) = split;
  enter($namespace);
  print ask(@request), "\n";
}
`;
