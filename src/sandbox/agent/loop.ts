/** Perl: receives frames from the host, acts on them, and waits for whatever comes next. */
export const agentLoop = String.raw`
my $received = '';

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
  if ($type eq 'K') { signal_command($command, $payload) }
  elsif ($type eq 'I') { take_input($command, $payload) }
  elsif ($type eq 'Z') { $command->{ended} = 1; feed($command) }
  elsif ($type eq 'W') { set_terminal_size($command->{screen}, unpack 'n n', $payload) }
  elsif ($type eq 'H') { hang_up($command) }
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

send_frame('R', 0, '');
while (1) {
  my ($readable, $writable) = ('', '');
  vec($readable, fileno $_, 1) = 1 for $line, $wake_read, map { values %{ $_->{outputs} } } values %commands;
  vec($writable, fileno $_->{in}, 1) = 1 for grep { $_->{in} && length $_->{input} } values %commands;
  my $ready = select $readable, $writable, undef, @hung_up ? 0.2 : undef;
  kill_hung_up() if @hung_up;
  next if $ready <= 0;
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
