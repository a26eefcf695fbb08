import { KproxyError } from '../../../errors.js';
import { serverProgram } from '../../../sandbox/network/server-program.js';
import type { Sandbox } from '../../../sandbox/sandbox.js';
import { machines } from '../../machines.js';
import { interactiveScript, interactiveScriptPath } from './interactive-script.js';
import { beginScript, beginScriptPath, shellProgram } from './keep-script.js';
import { kubectlProgram } from './kubectl-program.js';
import { observerProgram } from './observer-program.js';
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

/** Creates the folders that are its arguments, then the files of its input: name and content, each with a NUL behind. */
const writer = String.raw`
use strict;
use warnings;
for my $folder (@ARGV) {
  my $path = '';
  for my $part (grep { length } split m{/}, $folder) { $path .= "/$part"; mkdir $path }
  -d $folder or die "$folder: $!\n";
}
local $/ = "\0";
while (defined(my $path = <STDIN>)) {
  my $content = <STDIN>;
  chomp $path, $content;
  open(my $file, '>', $path) or die "$path: $!\n";
  print {$file} $content;
  close $file or die "$path: $!\n";
}
`;

const links = `ln -s "$1/kproxy.js" ${guestPaths.programs}/kproxy
ln -s sudo ${guestPaths.programs}/su
ln -s "$(command -v bash || command -v sh)" ${shellProgram}
chmod 755 ${guestPaths.programs}/*`;

/**
 * Writes the programs and files of the lesson.
 * @throws KproxyError sandbox-failed if that is impossible
 */
export async function installGuestFiles(sandbox: Sandbox, files: GuestFiles): Promise<void> {
  const { programs: _, ...own } = guestPaths;
  const folders = [...Object.values(own), ...machines.map(machine => `${guestPaths.homes}/${machine}`)];
  const input = filesOf(files)
    .map(([path, content]) => `${path}\0${content}\0`)
    .join('');
  const script = `perl -e "$2" ${folders.join(' ')} && ${links}`;
  const { exitCode, stderr } = await sandbox.run(['sh', '-c', script, 'sh', files.program, writer], { input });
  if (exitCode === 0) return;
  throw new KproxyError({
    message: "the lesson's programs could not be installed on its machines",
    code: 'sandbox-failed',
    evidence: stderr.trim(),
  });
}

const filesOf = ({ servers, objects, homes }: GuestFiles): readonly (readonly [string, string])[] => [
  [`${guestPaths.programs}/sudo`, sudoProgram],
  [`${guestPaths.programs}/kubectl`, kubectlProgram],
  [`${guestPaths.programs}/web`, webProgram(servers)],
  [serverPath, serverProgram],
  [observerPath, observerProgram],
  [beginScriptPath, beginScript],
  [interactiveScriptPath, interactiveScript],
  ...objects.map(([name, content]) => [`${guestPaths.cluster}/${name}`, content] as const),
  ...Object.entries(homes).map(([name, content]) => [`${guestPaths.homes}/${name}`, content] as const),
];
