/**
 * Perl: subroutines that open a pseudo-terminal and give it to a process. perl-base has no module for terminals, so the
 * numbers of Linux's ioctls are written here. Needs the modules POSIX and Fcntl.
 */
export const perlTerminal = String.raw`
sub set_terminal_size {
  my ($terminal, $columns, $rows) = @_;
  ioctl $terminal, 0x5414, pack('S4', $rows, $columns, 0, 0);
}

# Returns the side of the program that reads the screen, and the side of the commands. While the latter is open, reading
# the former never fails, even if no command has the terminal open.
sub open_terminal {
  my ($columns, $rows) = @_;
  open(my $screen, '+<', '/dev/ptmx') or die "/dev/ptmx: $!\n";
  my $number = pack 'i', 0;
  ioctl($screen, 0x40045431, $number) or die "/dev/ptmx cannot be unlocked: $!\n";
  ioctl($screen, 0x80045430, $number) or die "/dev/ptmx has no number: $!\n";
  my $path = '/dev/pts/' . unpack 'i', $number;
  sysopen(my $terminal, $path, Fcntl::O_RDWR() | Fcntl::O_NOCTTY()) or die "$path: $!\n";
  set_terminal_size($screen, $columns, $rows);
  # Erasing removes a whole character of UTF-8 and not its last byte.
  my $termios = POSIX::Termios->new;
  $termios->getattr(fileno $terminal);
  $termios->setiflag($termios->getiflag | 0x4000);
  $termios->setattr(fileno $terminal, POSIX::TCSANOW());
  return ($screen, $terminal);
}

# Makes this process the leader of a session on the terminal, with the terminal as its input and output.
sub enter_terminal {
  my ($terminal) = @_;
  POSIX::setsid();
  ioctl($terminal, 0x540e, 0) or die "the terminal cannot be taken: $!\n";
  POSIX::dup2(fileno $terminal, $_) for 0, 1, 2;
}

# Signals each process of a session. Returns their number.
sub signal_session {
  my ($session, @names) = @_;
  my @members;
  for my $path (glob '/proc/[0-9]*/stat') {
    open(my $file, '<', $path) or next;
    my $line = <$file> // next;
    # The program's name, in parentheses, may contain anything.
    push @members, $line =~ /^(\d+)/ if $line =~ /.*\) \S \d+ \d+ $session /s;
  }
  for my $name (@names) { kill $name, @members }
  return scalar @members;
}
`;
