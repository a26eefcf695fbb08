import { enterNamespace, socketProtocols } from '../perl.js';

/**
 * Sends requests in order. Standard input has a line `NAMESPACE SOURCE-PORT PROTOCOL ADDRESS PORT MILLISECONDS` for
 * each. The argument is the time in milliseconds after which the next request is sent even without an answer. Without
 * the argument every request waits for the previous one. Prints a line for each request, in the same order:
 * `answered NAME ADDRESS PORT`, `failed ERROR` (the name of the error number), or `timeout`.
 */
export const requestProgram = String.raw`
use strict;
use warnings;
use Errno qw(EINPROGRESS);
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use List::Util qw(min);
use Socket qw(:DEFAULT inet_pton);

my ($SETRLIMIT, $OPEN_FILES) = (160, 7);
${socketProtocols}
my $patience = @ARGV ? $ARGV[0] / 1000 : 9**9**9;
my @open;

${enterNamespace}
sub failed { my ($number) = @_; local $! = $number; return 'failed ' . ((grep { $!{$_} } sort keys %!)[0] // $number) }

# Returns the family, the source and the target.
sub ends {
  my ($source_port, $address, $port) = @_;
  if ($address =~ /:/) {
    my $target = pack_sockaddr_in6($port, inet_pton(AF_INET6, $address));
    return (AF_INET6, pack_sockaddr_in6($source_port, Socket::IN6ADDR_ANY), $target);
  }
  return (AF_INET, pack_sockaddr_in($source_port, INADDR_ANY), pack_sockaddr_in($port, inet_pton(AF_INET, $address)));
}

# A clock in seconds that counts each wait for at most its intended length, so that a pause of the whole machine does
# not cause timeouts.
my $now = 0;
sub wait_at_most {
  my $seconds = $_[2] > 0.05 ? 0.05 : $_[2] > 0 ? $_[2] : 0;
  my (undef, $left) = select $_[0], $_[1], undef, $seconds;
  $now += $seconds - $left;
}

sub await { my ($request, $phase) = @_; @$request{'phase', 'deadline'} = ($phase, $now + $request->{patience}) }

sub finish {
  my ($request, $result) = @_;
  $request->{result} = $result;
  close $request->{socket};
  @open = grep { $_ != $request } @open;
}

sub speak {
  my ($request) = @_;
  return finish($request, failed($! + 0)) if !defined syswrite $request->{socket}, "who\n";
  await($request, 'answer');
}

sub begin {
  my ($source_port, $protocol, $address, $port, $milliseconds) = @_;
  my ($family, $source, $target) = ends($source_port, $address, $port);
  my ($type, $number) = @{ $protocols{$protocol} };
  socket(my $socket, $family, $type, $number) or return { result => failed($! + 0) };
  setsockopt $socket, SOL_SOCKET, SO_REUSEADDR, 1;
  bind($socket, $source) or return { result => failed($! + 0) };
  fcntl $socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK;
  my $request = { socket => $socket, patience => $milliseconds / 1000 };
  push @open, $request;
  if (connect $socket, $target) { speak($request) }
  elsif ($! == EINPROGRESS) { await($request, 'connection') }
  else { finish($request, failed($! + 0)) }
  return $request;
}

sub proceed {
  my ($request) = @_;
  my $error = unpack 'i', getsockopt $request->{socket}, SOL_SOCKET, SO_ERROR;
  return finish($request, failed($error)) if $error;
  return speak($request) if $request->{phase} eq 'connection';
  my $count = sysread $request->{socket}, my $text, 4096;
  return finish($request, failed($! + 0)) if !defined $count;
  finish($request, $text =~ /^(\S+) saw (\S+) (\d+)\n/ ? "answered $1 $2 $3" : 'failed EPROTO');
}

sub bits { my $set = ''; vec($set, fileno $_->{socket}, 1) = 1 for @_; return $set }

# Serves all open requests until this one is finished or the given time is reached.
sub attend {
  my ($request, $end) = @_;
  while (!defined $request->{result} && $now < $end) {
    my $readable = bits(grep { $_->{phase} eq 'answer' } @open);
    my $writable = bits(grep { $_->{phase} eq 'connection' } @open);
    wait_at_most($readable, $writable, min($end, map { $_->{deadline} } @open) - $now);
    my @all = @open;
    for my $other (@all) {
      my $number = fileno $other->{socket};
      if (vec($readable, $number, 1) || vec($writable, $number, 1)) { proceed($other) }
      elsif ($other->{deadline} <= $now) { finish($other, 'timeout') }
    }
  }
}

# Allows a socket for each open request.
my $limits = pack 'QQ', 16384, 16384;
syscall($SETRLIMIT, $OPEN_FILES, $limits) == 0 or die "open files: $!\n";

my @requests;
for (<STDIN>) {
  my ($namespace, @words) = split;
  enter_namespace($namespace);
  push @requests, begin(@words);
  attend($requests[-1], $now + $patience);
}
attend($_, 9**9**9) for @requests;
print "$_->{result}\n" for @requests;
`;
