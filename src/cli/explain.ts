import { type Command, Option } from 'commander';
import type { Form } from '../commands/shared/drawing.js';
import type { CommandOutcome } from '../commands/shared/outcome.js';
import { KproxyError } from '../errors.js';
import { isPartKind, type PartKindName } from '../explain/parts/part.js';
import { protocolNames, protocolOfName } from '../net/protocol.js';
import { action } from './action.js';
import { paintedIo } from './io.js';
import { nodeSetting } from './node-setting.js';
import { optionsOf } from './options/add-options.js';
import { colorsOf } from './options/color.js';
import { takeKubeProxyFlags } from './options/kube-proxy-flags.js';
import { type NodeFlags, nodeOptions } from './options/node.js';
import { contradiction } from './options/refuse-misuse.js';
import { readSnapshot, type SnapshotFlags, snapshotOptions } from './options/snapshot.js';

interface ExplainFlags extends NodeFlags, SnapshotFlags {
  readonly source?: string;
  readonly protocol?: string;
  readonly established?: boolean;
  readonly minimal?: boolean;
  readonly detailed?: boolean;
  readonly output?: 'json' | 'html' | 'mermaid';
  readonly probe?: boolean;
  readonly asDesired?: boolean;
}

export function addExplainCommand(kproxy: Command): void {
  const command = kproxy
    .command('explain')
    .description('on a worker: show the way of a packet to a Service through this node and back, and where it ends')
    .argument('<target>', '[NAMESPACE/]SERVICE[:PORT], ADDRESS:PORT, :NODEPORT, or chain, set, rule or sysctl')
    .argument('[name]', 'after chain, set, rule or sysctl: what to explain of the node')
    .addHelpText('after', examples)
    .action(action(explain));
  takeKubeProxyFlags(command);
  optionsOf(command, () => [
    [
      new Option('--source <client>', 'one client in detail: an IP address, pod/NAME, node, or outside'),
      new Option('--protocol <name>', 'only this protocol').choices(Object.values(protocolNames)),
      new Option('--established', 'a packet of a connection that exists (default: the first one)'),
      new Option('--minimal', 'one line for each client and address'),
      new Option('--detailed', 'with the rules that do not match, and with counters'),
      new Option('-o, --output <format>', 'print json, a page of html, or mermaid').choices([
        'json',
        'html',
        'mermaid',
      ]),
      new Option('--probe', 'send the packets too, from this node and its Pods, and compare'),
      new Option('--as-desired', 'explain the node as it should be, not as it is'),
    ],
    nodeOptions(),
    snapshotOptions(),
  ]);
}

const examples = `
Examples:
  kproxy explain web-service                      all kinds of clients, at each port and address
  kproxy explain shop/web:http --source outside   the whole way of one client's packet
  kproxy explain 10.254.10.128:80 --source pod/client
  kproxy explain :30080 --protocol udp --minimal
  kproxy explain web-service -o html >page.html
  kproxy explain web-service --snapshot node.json --from cluster.yaml    on any machine
  kproxy explain chain KUBE-FORWARD               what it is for, and who needs it here
  kproxy explain set KUBE-LOOP-BACK
  kproxy explain rule 'nat KUBE-SERVICES 1'        or the rule's text
  kproxy explain sysctl net.ipv4.vs.conntrack

A Service named chain, set, rule or sysctl is svc/chain.
Without the tools, or the right to use them, the node is explained as it should be.

Exit status: 0 answered from every client, 1 refused, dropped or unanswered from some, 2 or more on error.`;

async function explain(
  target: string,
  name: string | undefined,
  flags: ExplainFlags,
  command: Command,
): Promise<CommandOutcome> {
  refuseContradictions(flags);
  if (isPartKind(target)) return explainPart(target, name, flags, command);
  if (name !== undefined)
    throw new KproxyError({
      code: 'option-invalid',
      message: `one TARGET at a time: ${JSON.stringify(name)} is a second one`,
    });
  return explainTarget(target, flags, command);
}

async function explainTarget(target: string, flags: ExplainFlags, command: Command): Promise<CommandOutcome> {
  const [{ runExplain }, { parseAsked }, { parseSource }] = await Promise.all([
    import('../commands/explain.js'),
    import('../explain/ask/asked.js'),
    import('../explain/ask/source.js'),
  ]);
  const snapshot = await readSnapshot(flags);
  const asked = parseAsked(target, flags.namespace);
  const client = flags.source === undefined ? undefined : parseSource(flags.source);
  const setting = await nodeSetting(flags, command, snapshot?.node);
  const options = {
    ...{ ...setting, snapshot, target, asked, client },
    protocol: flags.protocol === undefined ? undefined : protocolOfName(flags.protocol),
    isEstablished: flags.established ?? false,
    isAsDesired: flags.asDesired ?? false,
    form: formOf(flags),
    isColored: colorsOf(command),
    probeWith: flags.probe ? [process.execPath, process.argv[1] ?? ''] : undefined,
  };
  return runExplain(options, setting.access, paintedIo(options.isColored));
}

/** @throws KproxyError `option-invalid` without a name, or `options-contradict` with options about packets */
async function explainPart(
  kind: PartKindName,
  name: string | undefined,
  flags: ExplainFlags,
  command: Command,
): Promise<CommandOutcome> {
  if (name === undefined)
    throw new KproxyError({
      code: 'option-invalid',
      message: `the name of the ${kind} is missing`,
      advice: `Give it after the word: kproxy explain ${kind} NAME. A Service named ${kind} is svc/${kind}.`,
    });
  const misplaced = packetFlags.find(([flag]) => flags[flag] !== undefined)?.[1];
  if (misplaced !== undefined)
    throw contradiction(`${misplaced} and ${kind}: the one is about packets, the other is not`);
  const output = flags.output ?? 'text';
  if (output === 'html' || output === 'mermaid')
    throw contradiction(`-o ${output} and ${kind}: only the way of packets can be drawn`);
  const { runExplainPart } = await import('../commands/explain-part.js');
  const snapshot = await readSnapshot(flags);
  const setting = await nodeSetting(flags, command, snapshot?.node);
  const isAsDesired = flags.asDesired ?? false;
  const isColored = colorsOf(command);
  const io = paintedIo(isColored);
  return runExplainPart({ ...setting, snapshot, isAsDesired, kind, name, output, isColored }, setting.access, io);
}

const packetFlags = [
  ['source', '--source'],
  ['protocol', '--protocol'],
  ['established', '--established'],
  ['minimal', '--minimal'],
  ['detailed', '--detailed'],
  ['probe', '--probe'],
] as const satisfies readonly (readonly [keyof ExplainFlags, string])[];

const formOf = ({ output, minimal, detailed }: ExplainFlags): Form =>
  output ?? (minimal ? 'minimal' : detailed ? 'detailed' : 'text');

/** @throws KproxyError */
function refuseContradictions(flags: ExplainFlags): void {
  const { minimal, detailed, output, probe, asDesired, snapshot, established } = flags;
  if (minimal && detailed) throw contradiction('--minimal and --detailed: the one shows less, the other more');
  const amount = (minimal && '--minimal') || (detailed && '--detailed');
  if (amount && output !== undefined)
    throw contradiction(`${amount} and -o ${output}: ${output} always has everything`);
  if (asDesired && snapshot !== undefined)
    throw contradiction('--as-desired and --snapshot: the one is the node as it should be, the other as it was');
  if (probe && established) throw contradiction('--probe and --established: a probe opens a connection of its own');
  if (probe && (asDesired || snapshot !== undefined))
    throw contradiction(`--probe and ${asDesired ? '--as-desired' : '--snapshot'}: packets pass the node as it is`);
}

/**
 * Returns the command line with a blank before the text of a rule that begins as an option does: `rule '-A KUBE-FORWARD
 * -j ACCEPT'`. The text has blanks in it, as no option has.
 */
export const withRuleText = (argv: readonly string[]): readonly string[] =>
  argv.map((word, index) => (argv[index - 1] === 'rule' && /^-.* /.test(word) ? ` ${word}` : word));
