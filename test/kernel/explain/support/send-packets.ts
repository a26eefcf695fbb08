import { familyOf } from '../../../../src/net/address.js';
import { type Protocol, protocolNumbers } from '../../../../src/net/protocol.js';
import { enterNamespace } from '../../../../src/sandbox/perl.js';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { output } from '../../support/guest.js';

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
 * Perl: sends the packets of its standard input, each the first of a connection that is given up before the kernel
 * repeats it. Runs its arguments, a command, before the first one and after each, once the kernel has handled all
 * packets. Sees no protocol names, which iptables-save would look up in a file for every rule.
 */
const program = String.raw`
use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6);
$| = 1;
${enterNamespace}
sub end_of {
  my ($address, $port) = @_;
  return pack_sockaddr_in6($port, inet_pton(AF_INET6, $address)) if $address =~ /:/;
  return pack_sockaddr_in($port, inet_aton($address));
}
sub send_packet {
  my ($family, $protocol, $from, $from_port, $to, $to_port, $mark) = @_;
  my ($nonblocking, $so_mark) = (2048, 36);
  my $type = $protocol == 17 ? SOCK_DGRAM : SOCK_STREAM;
  socket(my $socket, $family == 6 ? AF_INET6 : AF_INET, $type | $nonblocking, $protocol) or die "socket: $!";
  setsockopt($socket, SOL_SOCKET, SO_BROADCAST, 1) or die "broadcast: $!";
  setsockopt($socket, SOL_SOCKET, $so_mark, pack("I", $mark)) or die "mark: $!" if $mark;
  bind($socket, end_of($from, $from_port)) or die "bind $from: $!";
  return send($socket, "x", 0, end_of($to, $to_port)) || die "send: $!" if $protocol == 17;
  connect($socket, end_of($to, $to_port)) or $!{EINPROGRESS} or die "connect: $!";
}
# A busy kernel leaves packets to its ksoftirqd threads, which sleep only if no packet is left.
sub stat_of {
  open(my $file, '<', "$_[0]/stat") or return '';
  return scalar <$file> // '';
}
my @handlers = grep { stat_of($_) =~ / \(ksoftirqd/ } glob '/proc/[0-9]*';
@handlers or die "no ksoftirqd";
sub settle {
  for my $handler (@handlers) { select(undef, undef, undef, 0.002) until stat_of($handler) =~ /\) S / }
}
sub count {
  settle();
  system(@ARGV) == 0 or die "@ARGV failed";
  print "--- next ---\n";
}
system("mount -t tmpfs tmpfs /etc && echo 'protocols: [NOTFOUND=return]' >/etc/nsswitch.conf") == 0 or die;
my @packets = <STDIN>;
count();
for (@packets) {
  my ($namespace, @packet) = split;
  my $child = fork() // die "fork: $!";
  if ($child == 0) {
    enter_namespace($namespace) if $namespace ne '-';
    send_packet(@packet);
    exit 0;
  }
  waitpid($child, 0);
  die "packet $_" if $? != 0;
  count();
}
`;

/** Sends packets one after another. Returns what a command prints before the first one and after each. */
export async function sendPackets(
  sandbox: Sandbox,
  packets: readonly SentPacket[],
  command: readonly string[],
): Promise<readonly string[]> {
  const argv = ['unshare', '--mount', 'perl', '-e', program, ...command];
  const input = packets.map(packet => `${packetLine(packet)}\n`).join('');
  return (await output(sandbox, argv, { input })).split('--- next ---\n').slice(0, -1);
}

function packetLine({ from, protocol, source, sourcePort, destination, destinationPort, mark }: SentPacket): string {
  const family = familyOf(source) === 'IPv4' ? 4 : 6;
  const numbers = [family, protocolNumbers[protocol], source, sourcePort, destination, destinationPort, mark ?? 0];
  return [from ?? '-', ...numbers].join(' ');
}
