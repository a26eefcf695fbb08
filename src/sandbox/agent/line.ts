/** Perl: opens the line to the host and sends frames on it. Powers the guest off if the line closes. */
export const agentLine = String.raw`
my $REBOOT = 169;
my $line_pattern = $ENV{agent_line} // '/dev/ttyS0';

sub power_off { syscall($REBOOT, 0xfee1dead, 0x28121969, 0x4321fedc, 0); exit 1 }

sub raw_line {
  my ($fd) = @_;
  my $termios = POSIX::Termios->new;
  $termios->getattr($fd);
  $termios->setiflag(0);
  $termios->setoflag(0);
  $termios->setlflag(0);
  $termios->setcflag(POSIX::CS8() | POSIX::CREAD() | POSIX::HUPCL());
  $termios->setcc(POSIX::VMIN(), 1);
  $termios->setcc(POSIX::VTIME(), 0);
  $termios->setattr($fd, POSIX::TCSANOW());
}

# Opens the line to the host. While the kernel boots, the device may appear late: waits for it, 60 seconds at most.
sub open_line {
  my $path;
  for (1 .. 6000) {
    ($path) = glob $line_pattern;
    last if defined $path && -e $path;
    select undef, undef, undef, 0.01;
  }
  defined $path && -e $path or die "no device $line_pattern after 60 seconds\n";
  open(my $line, '+<', $path) or die "$path: $!\n";
  return $line;
}

my $line = open_line();
raw_line(fileno $line) if -t $line;

sub send_frame {
  my ($type, $id, $payload) = @_;
  my $frame = pack('N a N', length $payload, $type, $id) . $payload;
  my $sent = 0;
  while ($sent < length $frame) {
    my $count = syswrite $line, $frame, length($frame) - $sent, $sent;
    if (defined $count) { $sent += $count }
    elsif (!$!{EINTR}) { power_off() }
  }
}
`;
