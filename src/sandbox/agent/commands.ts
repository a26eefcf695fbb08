/** Perl: starts commands, feeds their input, passes their output on and reports their end. */
export const agentCommands = String.raw`
my $PIPE_CAPACITY = 65536;
my %commands;

sub nonblocking { fcntl $_[0], F_SETFL, fcntl($_[0], F_GETFL, 0) | O_NONBLOCK }

pipe(my $wake_read, my $wake_write) or die "pipe: $!\n";
nonblocking($_) for $wake_read, $wake_write;
$SIG{CHLD} = sub { syswrite $wake_write, 'x' };
$SIG{PIPE} = 'IGNORE';

sub write_file {
  my ($path) = @_;
  my $content = '';
  1 while sysread STDIN, $content, $PIPE_CAPACITY, length $content;
  # Unbuffered, because a setting below /proc/sys must arrive in a single write.
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
    # Without an exec this copy would stay open, and the end of the input would never arrive.
    close $in_write;
    eval { become($action, $folder, $namespace, \@environment, @rest); 1 }
      or do { syswrite STDERR, $@; POSIX::_exit(126) };
    POSIX::_exit(0);
  }
  setpgrp $pid, $pid;
  nonblocking($_) for $in_write, $out_read, $error_read;
  $commands{$id} = {
    pid => $pid, in => $in_write, input => '', ended => 0,
    outputs => { O => $out_read, E => $error_read }
  };
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

# Passes output on to the host. Returns the number of bytes, or 0 if there are none at present.
sub pass_on {
  my ($id, $type) = @_;
  my $outputs = $commands{$id}{outputs};
  my $count = sysread($outputs->{$type}, my $chunk, $PIPE_CAPACITY);
  if ($count) { send_frame($type, $id, $chunk) }
  elsif (defined $count || (!$!{EAGAIN} && !$!{EINTR})) { delete $outputs->{$type} }
  return $count || 0;
}

# Passes on what is left in the command's pipes and reports its end. Does not wait for the end of file, because
# processes that the command left behind may hold the pipes open.
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
`;
