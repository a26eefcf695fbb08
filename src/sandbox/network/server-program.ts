import { enterNamespace, socketProtocols } from '../perl.js';

/**
 * Serves in many network namespaces with a single process. Standard input has a line `NAMESPACE PROTOCOL PORT` for each
 * server. Prints `ready` once all of them listen. Answers an HTTP request with `NAMESPACE saw ADDRESS` and closes the
 * connection. Answers any other line with `NAMESPACE saw ADDRESS PORT` and keeps the connection open.
 */
export const serverProgram = String.raw`
use strict;
use warnings;
use Socket qw(:DEFAULT inet_ntop getnameinfo IPPROTO_IPV6 IPV6_V6ONLY NI_NUMERICHOST NI_NUMERICSERV);

${socketProtocols}
my %sockets;
$SIG{PIPE} = 'IGNORE';

${enterNamespace}
sub listen_on {
  my ($name, $protocol, $family, $address) = @_;
  my ($type, $number) = @{ $protocols{$protocol} };
  socket(my $socket, $family, $type, $number) or die "$name $protocol: $!\n";
  setsockopt $socket, SOL_SOCKET, SO_REUSEADDR, 1;
  setsockopt $socket, IPPROTO_IPV6, IPV6_V6ONLY, 1 if $family == AF_INET6;
  bind($socket, $address) or die "$name $protocol: $!\n";
  $type == SOCK_DGRAM or listen($socket, 128) or die "$name $protocol: $!\n";
  my $kind = $type == SOCK_DGRAM ? 'datagrams' : 'listener';
  $sockets{ fileno $socket } = { socket => $socket, name => $name, kind => $kind };
}

sub client { my ($error, $host, $port) = getnameinfo($_[0], NI_NUMERICHOST | NI_NUMERICSERV); return ($host, $port) }

sub accept_connection {
  my ($listener) = @_;
  my $peer = accept(my $socket, $listener->{socket}) or return;
  $sockets{ fileno $socket } = {
    socket => $socket, name => $listener->{name}, kind => 'connection',
    peer => $peer, text => ''
  };
}

sub answer_http {
  my ($connection) = @_;
  my ($host) = client($connection->{peer});
  my $body = "$connection->{name} saw $host\n";
  my $length = length $body;
  syswrite $connection->{socket}, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " +
    "$length\r\nConnection: close\r\n\r\n$body";
}

# Returns true if the connection stays open.
sub serve_connection {
  my ($connection) = @_;
  sysread($connection->{socket}, $connection->{text}, 65536, length $connection->{text}) or return 0;
  if ($connection->{text} =~ /^(?:GET|HEAD) /) {
    return 1 if $connection->{text} !~ /\r?\n\r?\n/;
    answer_http($connection);
    return 0;
  }
  my ($host, $port) = client($connection->{peer});
  syswrite $connection->{socket}, "$connection->{name} saw $host $port\n" while $connection->{text} =~ s/^.*\n//;
  return 1;
}

sub serve_datagram {
  my ($server) = @_;
  my $peer = recv $server->{socket}, my $text, 65536, 0;
  return if !defined $peer;
  my ($host, $port) = client($peer);
  send $server->{socket}, "$server->{name} saw $host $port\n", 0, $peer;
}

for (<STDIN>) {
  my ($name, $protocol, $port) = split;
  enter_namespace($name);
  listen_on($name, $protocol, AF_INET, pack_sockaddr_in($port, INADDR_ANY));
  listen_on($name, $protocol, AF_INET6, pack_sockaddr_in6($port, Socket::IN6ADDR_ANY));
}
syswrite STDOUT, "ready\n";
while (1) {
  my $readable = '';
  vec($readable, $_, 1) = 1 for keys %sockets;
  next if select($readable, undef, undef, undef) < 0;
  for my $number (grep { vec $readable, $_, 1 } keys %sockets) {
    my $socket = $sockets{$number};
    if ($socket->{kind} eq 'listener') { accept_connection($socket) }
    elsif ($socket->{kind} eq 'datagrams') { serve_datagram($socket) }
    elsif (!serve_connection($socket)) { delete $sockets{$number} }
  }
}
`;
