/** Perl: a subroutine that enters a network namespace by its name. The numbers are those of x86-64's setns. */
export const enterNamespace = String.raw`sub enter_namespace {
  my ($name) = @_;
  my ($setns, $new_network) = (308, 0x40000000);
  open(my $handle, '<', "/run/netns/$name") or die "network namespace $name: $!\n";
  syscall($setns, fileno($handle) + 0, $new_network) == 0 or die "network namespace $name: $!\n";
}
`;

/** Perl: the socket type and number of each protocol. Needs the module Socket. */
export const socketProtocols =
  'my %protocols = (tcp => [SOCK_STREAM, 6], udp => [SOCK_DGRAM, 17], sctp => [SOCK_STREAM, 132]);';
