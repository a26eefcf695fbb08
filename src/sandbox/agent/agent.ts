import { agentCommands } from './commands.js';
import { agentLine } from './line.js';
import { agentLoop } from './loop.js';
import { agentSetup } from './setup.js';

/**
 * The guest's first process, in the Perl that every Debian has (perl-base only). It is a string and not a file, so that
 * it survives bundling into one file. It mounts what commands expect, then runs the commands that arrive as frames
 * (guest-protocol.ts) on the serial line, each in its own process group. It powers the guest off if the line closes.
 *
 * Variables on the kernel's command line (qemu.ts) override where the line, the modules and the iptables tools are. The
 * defaults fit User-Mode Linux.
 */
export const guestAgent = `#!/usr/bin/perl
use strict;
use warnings;
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use POSIX ();
use Socket qw(AF_INET SOCK_DGRAM);
${agentSetup}${agentLine}${agentCommands}${agentLoop}`;
