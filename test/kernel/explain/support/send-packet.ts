import { familyOf } from '../../../../src/net/address.js';
import { type Protocol, protocolNumbers } from '../../../../src/net/protocol.js';
import { quoteCommand } from '../../../../src/script/quote.js';

/** One packet from a namespace. Without a namespace it is the node's own. */
export interface SentPacket {
  readonly from: string | undefined;
  readonly protocol: Protocol;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  /** Of a packet of the node itself. */
  readonly mark?: number;
}

/**
 * Sends the first packet of a connection, and gives the connection up before the kernel repeats it. Arguments: the
 * address family, the protocol's number, both ends, and a mark.
 */
const program = `
use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6);
my ($family, $protocol, $from, $from_port, $to, $to_port, $mark) = @ARGV;
my $v6 = $family == 6;
my $end = sub {
  my ($address, $port) = @_;
  $v6 ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $address)) : pack_sockaddr_in($port, inet_aton($address))
};
my $type = $protocol == 17 ? SOCK_DGRAM : SOCK_STREAM;
socket(my $socket, $v6 ? AF_INET6 : AF_INET, $type | 2048, $protocol) or die "socket: $!";
setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
setsockopt($socket, SOL_SOCKET, SO_BROADCAST, 1);
setsockopt($socket, SOL_SOCKET, 36, pack("I", $mark)) or die "mark: $!" if $mark;
bind($socket, $end->($from, $from_port)) or die "bind: $!";
if ($protocol == 17) { send($socket, "x", 0, $end->($to, $to_port)) or die "send: $!" }
else { connect($socket, $end->($to, $to_port)) or $!{EINPROGRESS} or die "connect: $!" }
`;

/** Returns the shell command that sends the packet. */
export function sendCommand({ from, protocol, mark, ...ends }: SentPacket): string {
  const { source, sourcePort, destination, destinationPort } = ends;
  const family = familyOf(source) === 'IPv4' ? 4 : 6;
  const numbers = [family, protocolNumbers[protocol], source, sourcePort, destination, destinationPort, mark ?? 0];
  const enter = from === undefined ? [] : ['ip', 'netns', 'exec', from];
  return quoteCommand([...enter, 'perl', '-e', program, ...numbers.map(String)]);
}
