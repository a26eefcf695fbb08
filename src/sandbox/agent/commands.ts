import { perlTerminal } from '../perl-terminal.js';

/** Perl: starts commands, feeds their input, passes their output on and reports their end. */
export const agentCommands = String.raw`
my $PIPE_CAPACITY = 65536;
# What a terminal keeps of the input that its command does not read. A real one keeps 4 KB.
my $TYPED_LIMIT = 1048576;
my %commands;

sub nonblocking { fcntl $_[0], F_SETFL, fcntl($_[0], F_GETFL, 0) | O_NONBLOCK }

pipe(my $wake_read, my $wake_write) or die "pipe: $!\n";
nonblocking($_) for $wake_read, $wake_write;
$SIG{CHLD} = sub { syswrite $wake_write, 'x' };
$SIG{PIPE} = 'IGNORE';

${perlTerminal}
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
  my ($action, $folder, $namespace, $hostname, $environment, @arguments) = @_;
  enter_namespace($namespace) if length $namespace;
  take_hostname($hostname) if length $hostname;
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

# Returns the agent's ends of three pipes, and a subroutine that makes the other ends a child's input and output.
sub open_pipes {
  pipe(my $in_read, my $in_write) or die "pipe: $!\n";
  pipe(my $out_read, my $out_write) or die "pipe: $!\n";
  pipe(my $error_read, my $error_write) or die "pipe: $!\n";
  nonblocking($_) for $in_write, $out_read, $error_read;
  my $enter = sub {
    setpgrp 0, 0;
    POSIX::dup2(fileno $in_read, 0);
    POSIX::dup2(fileno $out_write, 1);
    POSIX::dup2(fileno $error_write, 2);
    # Without an exec this copy would stay open, and the end of the input would never arrive.
    close $in_write;
  };
  return ({ in => $in_write, outputs => { O => $out_read, E => $error_read } }, $enter);
}

# The same with a terminal instead of pipes.
sub open_terminal_ends {
  my ($screen, $terminal) = open_terminal(@_);
  nonblocking($screen);
  my $ends = { in => $screen, outputs => { O => $screen }, screen => $screen, terminal => $terminal };
  return ($ends, sub { enter_terminal($terminal) });
}

sub start_command {
  my ($id, $payload) = @_;
  my ($action, $folder, $namespace, $hostname, $size, $count, @rest) = split /\0/, $payload, -1;
  my @environment = splice @rest, 0, $count;
  my ($command, $enter) = eval { length $size ? open_terminal_ends(split / /, $size) : open_pipes() };
  my $pid = $command && fork;
  if (!defined $pid) {
    send_frame('E', $id, $command ? "fork: $!\n" : $@);
    return send_frame('X', $id, pack 'C C', 126, 0);
  }
  if (!$pid) {
    $SIG{$_} = 'DEFAULT' for 'CHLD', 'PIPE';
    eval { $enter->(); become($action, $folder, $namespace, $hostname, \@environment, @rest); 1 }
      or do { syswrite STDERR, $@; POSIX::_exit(126) };
    POSIX::_exit(0);
  }
  # The child does it too, but may not have done it when a signal is to be sent. A group's leader can lead no session.
  setpgrp $pid, $pid if !$command->{terminal};
  $commands{$id} = { %$command, pid => $pid, input => '', ended => 0 };
}

sub signal_command {
  my ($command, @names) = @_;
  if (!$command->{terminal}) { kill $_, -$command->{pid} for @names }
  # Without members, the child has no session yet.
  elsif (!signal_session($command->{pid}, @names)) { kill $_, $command->{pid} for @names }
}

my @hung_up;

sub hang_up {
  my ($command) = @_;
  # A stopped process handles a signal only after it continues.
  signal_command($command, 'HUP', 'CONT');
  push @hung_up, { session => $command->{pid}, deadline => time + 2 };
}

sub kill_hung_up {
  signal_session($_->{session}, 'KILL') for grep { time >= $_->{deadline} } @hung_up;
  @hung_up = grep { time < $_->{deadline} } @hung_up;
}

sub take_input {
  my ($command, $payload) = @_;
  return if $command->{screen} && length($command->{input}) > $TYPED_LIMIT;
  $command->{input} .= $payload;
  feed($command);
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

# Passes on what is left in the command's pipes or terminal and reports its end. Does not wait for the end of file,
# because processes that the command left behind may hold the pipes open.
sub finish {
  my ($id, $status) = @_;
  for my $type (keys %{ $commands{$id}{outputs} }) {
    # A terminal holds a little more than a pipe.
    my $left = 2 * $PIPE_CAPACITY;
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
