import { type Command, CommanderError } from 'commander';
import { removeStaleFolders } from '../run/stale-folders.js';
import { useToolPath } from '../run/tool-path.js';
import { version } from '../version.js';
import { visibleText } from '../visible.js';
import { addCleanupCommand } from './cleanup.js';
import { KproxyCommand } from './command.js';
import { addDiffCommand } from './diff.js';
import { addDoctorCommand } from './doctor.js';
import { addEndpointsCommand } from './endpoints.js';
import { ExitCode } from './exit-codes.js';
import { addExplainCommand, withRuleText } from './explain.js';
import { addHelpCommand } from './help.js';
import { examplesFor, type Invocation, invocationOf } from './invocation.js';
import { addOptions, buildOptions } from './options/add-options.js';
import { globalFlags, globalOptions } from './options/cluster.js';
import { colorOption } from './options/color.js';
import { addKubeProxyFlags } from './options/kube-proxy-flags.js';
import { refuseMisuse } from './options/refuse-misuse.js';
import { addVersionCommand } from './print-version.js';
import { type ErrorFormat, reportError } from './report.js';
import { addSendProbeCommand } from './send-probe.js';
import { addSnapshotCommand } from './snapshot.js';
import { addStatusCommand } from './status.js';
import { addSyncCommand } from './sync.js';
import { addTutorialCommand } from './tutorial.js';
import { runTutorialKubectl } from './tutorial-kubectl.js';

function program(invocation: Invocation, words: readonly string[]): Command {
  const kproxy = new KproxyCommand(invocation.name)
    .description('Programs a Linux node for Kubernetes Services in IPVS mode, with commands that a person can read.')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .showSuggestionAfterError()
    .showHelpAfterError('(run with --help to see the options)')
    .configureHelp({ sortSubcommands: false })
    // A terminal may report that it has no columns. Then commander would not wrap lines.
    .configureOutput({
      getOutHelpWidth: () => (process.stdout.isTTY && process.stdout.columns) || 80,
      writeOut: text => void process.stdout.write(examplesFor(invocation, text)),
      // An error quotes the arguments.
      writeErr: text => void process.stderr.write(visibleText(text)),
    })
    .addHelpText('after', examples)
    .exitOverride()
    .hook('preSubcommand', (_, command) => {
      buildOptions(command);
      return addKubeProxyFlags(command, words);
    })
    .hook('preAction', async (_, command) => {
      refuseMisuse(command);
      useToolPath(globalFlags(command).toolPath ?? []);
      if (startsPrograms.has(command.name())) await removeStaleFolders();
    });
  // The list of commands says which of them have options.
  kproxy.on('beforeHelp', () => kproxy.commands.forEach(buildOptions));
  addOptions(kproxy, [globalOptions(), [colorOption()]]);
  addEndpointsCommand(kproxy);
  addSyncCommand(kproxy);
  addDiffCommand(kproxy);
  addStatusCommand(kproxy);
  addExplainCommand(kproxy);
  addSnapshotCommand(kproxy);
  addDoctorCommand(kproxy);
  addCleanupCommand(kproxy);
  addTutorialCommand(kproxy);
  addVersionCommand(kproxy);
  addSendProbeCommand(kproxy);
  addHelpCommand(kproxy);
  return kproxy;
}

/** The commands whose runs leave folders if they are killed. */
const startsPrograms: ReadonlySet<string> = new Set([
  'endpoints',
  'sync',
  'diff',
  'status',
  'explain',
  'snapshot',
  'cleanup',
]);

const examples = `
Examples:
  kproxy tutorial                         anywhere: learn how a Service works, on a kernel of its own
  kproxy endpoints web-service            on the master: select the Pods, write the Endpoints object
  kproxy sync --dry-run                   on the worker: print the script that sync would run
  kproxy sync                             on the worker: program the node for the cluster's Services
  kproxy sync --dry-run --full --from cluster.yaml --node worker-1
                                          anywhere: the whole script for a node, from a file

Exit codes: 0 done, 1 differences (diff), drift (status), problems (doctor) or no answer (explain), 2 usage, 3 cluster
unreadable or an object invalid, 4 node unreadable, 5 apply failed part-way (running again continues), 6 output cannot
be written, 130 interrupted.`;

/** Runs the command line and returns its exit code. Prints errors meant for the user, and throws all others. */
export async function main(): Promise<number> {
  const invocation = invocationOf(process.argv);
  const exitCode = await runTutorialKubectl(invocation.words);
  if (exitCode !== undefined) return exitCode;
  const words = withRuleText([...process.argv.slice(0, 2), ...invocation.words]);
  const kproxy = program(invocation, words);
  try {
    await kproxy.parseAsync(words);
    return Number(process.exitCode ?? ExitCode.done);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    return reportError(error, errorFormat(kproxy));
  }
}

/** Returns json if the command prints its result or its log as JSON, so that its errors can be parsed too. */
function errorFormat({ commands }: Command): ErrorFormat {
  const isJson = commands.some(command => {
    const { output, logFormat, loggingFormat }: Readonly<Record<string, unknown>> = command.opts();
    return [output, logFormat, loggingFormat].includes('json');
  });
  return isJson ? 'json' : 'text';
}
