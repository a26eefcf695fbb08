import { KproxyError } from '../../../errors.js';
import { findProgram } from '../../../sandbox/host-programs.js';
import { serverProgram } from '../../../sandbox/network/server-program.js';
import type { Sandbox } from '../../../sandbox/sandbox.js';
import { machines } from '../../machines.js';
import { interactiveScript, interactiveScriptPath } from './interactive-script.js';
import { beginScript, beginScriptPath, shellProgram } from './keep-script.js';
import { kubectlProgram } from './kubectl-program.js';
import { observer, workerObserver, workerObserverPath } from './observer-script.js';
import { guestPaths, observerPath } from './paths.js';
import { sudoProgram } from './sudo-program.js';
import { serverPath, type WebServer, webProgram } from './web-program.js';

export interface GuestFiles {
  /** The folder of the built program. */
  readonly program: string;
  readonly servers: readonly WebServer[];
  /** Names and contents of the files in the store of the stand-in for kubectl. */
  readonly objects: readonly (readonly [string, string])[];
  /** Contents of files by their path below the folder of a machine: `master/web-service.yaml`. */
  readonly homes: Readonly<Record<string, string>>;
}

/**
 * Creates the folders that are its arguments, then links and files from its input: `link` or `file`, the path, and the
 * target or the content, each with a NUL behind it. A file that begins with `#!` becomes a program.
 */
const writer = String.raw`
use strict;
use warnings;
for my $folder (@ARGV) {
  my $path = '';
  for my $part (grep { length } split m{/}, $folder) { $path .= "/$part"; mkdir $path }
  -d $folder or die "$folder: $!\n";
}
local $/ = "\0";
while (defined(my $kind = <STDIN>)) {
  chomp(my ($path, $content) = (scalar <STDIN>, scalar <STDIN>));
  if ($kind eq "link\0") { symlink $content, $path or die "$path: $!\n"; next }
  open(my $file, '>', $path) or die "$path: $!\n";
  print {$file} $content;
  close $file or die "$path: $!\n";
  chmod 0755, $path if $content =~ /^#!/;
}
`;

/**
 * Writes the programs and files of the lesson.
 * @throws KproxyError sandbox-failed if that is impossible
 */
export async function installGuestFiles(sandbox: Sandbox, files: GuestFiles): Promise<void> {
  const { programs: _, ...own } = guestPaths;
  const folders = [...Object.values(own), ...machines.map(machine => `${guestPaths.homes}/${machine}`)];
  const input = [...linksOf(files).map(link => ['link', ...link]), ...filesOf(files).map(file => ['file', ...file])]
    .flatMap(words => words.map(word => `${word}\0`))
    .join('');
  const { exitCode, stderr } = await sandbox.run(['perl', '-e', writer, ...folders], { input });
  if (exitCode === 0) return;
  throw new KproxyError({
    message: "the lesson's programs could not be installed on its machines",
    code: 'sandbox-failed',
    evidence: stderr.trim(),
  });
}

type PathAndText = readonly [path: string, text: string];

/** The guest sees the host's programs at their paths. */
const linksOf = ({ program }: GuestFiles): readonly PathAndText[] => [
  [`${guestPaths.programs}/kproxy`, `${program}/kproxy.js`],
  [`${guestPaths.programs}/su`, 'sudo'],
  [shellProgram, findProgram('bash') ?? '/bin/sh'],
];

const filesOf = ({ servers, objects, homes }: GuestFiles): readonly PathAndText[] => [
  [`${guestPaths.programs}/sudo`, sudoProgram],
  [`${guestPaths.programs}/kubectl`, kubectlProgram()],
  [`${guestPaths.programs}/web`, webProgram(servers)],
  [serverPath, serverProgram],
  [observerPath, observer],
  [workerObserverPath, workerObserver],
  [beginScriptPath, beginScript],
  [interactiveScriptPath, interactiveScript],
  ...objects.map(([name, content]) => [`${guestPaths.cluster}/${name}`, content] as const),
  ...Object.entries(homes).map(([name, content]) => [`${guestPaths.homes}/${name}`, content] as const),
];
