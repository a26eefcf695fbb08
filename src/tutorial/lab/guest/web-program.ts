import { guestPaths } from './paths.js';

export const serverPath = `${guestPaths.lesson}/server`;

export interface WebServer {
  /** The host name of its machine or Pod. */
  readonly name: string;
  readonly port: number;
}

/**
 * `web start` and `web stop` of the lesson's machines: the web server of the machine or Pod that it is called on, which
 * is a process of its own. `web start-all` is for the lab. Perl-base only. The number of setsid is that of x86-64.
 */
export const webProgram = (servers: readonly WebServer[]): string => String.raw`#!/usr/bin/perl
use strict;
use warnings;

my $SETSID = 112;
my %ports = (${servers.map(({ name, port }) => `'${name}' => ${port}`).join(', ')});
my $name = do { local @ARGV = '/proc/sys/kernel/hostname'; <> };
chomp $name;

sub refuse { print STDERR "web: $_[0]\n"; exit 1 }

sub pid_file { return "${guestPaths.pods}/$name.pid" }

sub running_pid {
  open(my $file, '<', pid_file()) or return;
  my $pid = <$file> || 0;
  return $pid > 0 && kill(0, $pid) ? $pid + 0 : undef;
}

# The server is in a session of its own, so that it outlives the terminal that it is started on.
sub serve {
  my ($in, $out) = @_;
  syscall $SETSID;
  open(STDIN, '<&', $in) and open(STDOUT, '>&', $out) and open(STDERR, '>&', $out) or exit 1;
  close $_ for $in, $out;
  chdir '/';
  @ARGV = ();
  do '${serverPath}' or print STDERR $@ || "$!\n";
  exit 1;
}

# Returns the pipe that the server answers on once it listens.
sub launch {
  refuse("the server of $name runs already") if running_pid();
  pipe(my $in, my $to_server) and pipe(my $from_server, my $out) or refuse("pipe: $!");
  my $pid = fork // refuse("fork: $!");
  if (!$pid) { close $_ for $to_server, $from_server; serve($in, $out) }
  print {$to_server} "$name tcp $ports{$name}\n";
  open(my $file, '>', pid_file()) or refuse(pid_file() . ": $!");
  print {$file} "$pid\n";
  return $from_server;
}

sub await_server {
  my ($from_server) = @_;
  my $answer = <$from_server> // "the server of $name did not start\n";
  $answer eq "ready\n" or refuse($answer =~ s/\n//r);
  print "the server of $name answers on port $ports{$name}\n";
}

sub start { await_server(launch()) }

sub start_all { await_server($_) for map { $name = $_; launch() } sort keys %ports }

# The file with the process id stays: a process that has ended is what makes the Pod unready.
sub stop {
  my $pid = running_pid() // refuse("the server of $name does not run");
  kill 'TERM', $pid;
  for (1 .. 250) {
    if (!kill 0, $pid) { print "the server of $name has ended\n"; return }
    select undef, undef, undef, 0.02;
  }
  refuse("the server of $name (process $pid) did not end within 5 seconds");
}

my $action = @ARGV == 1 ? $ARGV[0] : '';
if ($action eq 'start-all') { require Socket; start_all(); exit }
refuse('use: web start, or web stop') if $action ne 'start' && $action ne 'stop';
refuse("no web server belongs to $name") if !$ports{$name};
$action eq 'start' ? start() : stop();
`;
