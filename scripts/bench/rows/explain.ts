import { type Figure, least, spreadOf } from '../../shared/figures.js';
import { type Size, sizeText } from '../cluster.js';
import { explainArguments, fileOf, statusArguments, syncArguments } from '../contestants.js';
import type { Peak, Step, Times } from '../guest/task.js';
import type { Laboratory } from '../laboratory.js';
import { clusterIp } from '../objects.js';
import { totals } from '../totals.js';
import { processesText } from './memory.js';

const rounds = 3;

/** The commands that are measured on one state of the node, and the command that each is compared with. */
interface Comparison {
  readonly state: string;
  readonly against: Command;
  readonly commands: readonly Command[];
  /** How many times the time of `against` a command may take. */
  readonly timeLimit: number;
  readonly memoryLimit?: number;
}

type Command = Pick<Step, 'name' | 'argv' | 'exitCode'>;

/**
 * Measures the explanation of one Service: on a node in sync, with one entry missing, with nothing programmed, and of
 * the node as it should be.
 */
export async function measureExplain(laboratory: Laboratory, size: Size): Promise<readonly Figure[]> {
  await laboratory.prepare(size);
  const service = Math.floor(size.services / 2);
  const explain = (...argv: readonly string[]) => explainArguments(laboratory, size, service, ...argv);
  const status = (exitCode: number): Command => ({ name: 'status', argv: statusArguments(laboratory, size), exitCode });
  const from = fileOf(laboratory, size, 'cluster.json');
  const inSync: Comparison = {
    state: 'in sync',
    against: status(0),
    commands: [
      { name: 'explain', argv: explain() },
      { name: 'explain -o json', argv: explain('-o', 'json') },
      { name: 'explain -o html', argv: explain('-o', 'html') },
    ],
    timeLimit: 1.5,
    memoryLimit: 1.5,
  };
  const damaged: Comparison = {
    state: 'one entry missing',
    against: status(1),
    commands: [{ name: 'explain', argv: explain(), exitCode: 1 }],
    timeLimit: 1.5,
    memoryLimit: 1.5,
  };
  const empty: Comparison = {
    ...damaged,
    state: 'nothing programmed',
    timeLimit: 3,
  };
  const desired: Comparison = {
    state: 'as desired',
    against: { name: 'sync --dry-run --full', argv: syncArguments(laboratory, '--dry-run', '--full', '--from', from) },
    commands: [{ name: 'explain --as-desired', argv: explain('--as-desired') }],
    timeLimit: 1.5,
    memoryLimit: 1.5,
  };
  return laboratory.withNode(async node => {
    for (const argv of podNetwork) await node.output(argv);
    const measured = async (comparison: Comparison) => figuresOf(size, comparison, node.run);
    const before = [...(await measured(empty)), ...(await measured(desired))];
    await node.output(syncArguments(laboratory, '--from', from));
    const after = await measured(inSync);
    await node.output(['ipset', 'del', 'KUBE-CLUSTER-IP', `${clusterIp(service)},tcp:80`]);
    return [...before, ...after, ...(await measured(damaged))];
  });
}

/** Without a network for its Pods the node answers no client. */
const podNetwork = [
  ['modprobe', 'br_netfilter'],
  ['ip', 'link', 'add', 'cni0', 'type', 'bridge'],
  ['ip', 'address', 'add', '10.244.0.1/16', 'dev', 'cni0'],
  ['ip', 'link', 'set', 'cni0', 'up'],
  ['sysctl', '-q', 'net.bridge.bridge-nf-call-iptables=1', 'net.ipv4.ip_forward=1'],
] as const;

type Run = Parameters<Parameters<Laboratory['withNode']>[0]>[0]['run'];

async function figuresOf(size: Size, comparison: Comparison, run: Run): Promise<readonly Figure[]> {
  const { state, against, commands } = comparison;
  const all = [against, ...commands];
  const contestants = all.map(command => ({ name: command.name, steps: [command] }));
  await run({ is: 'race', contestants, rounds: 1 });
  const times = await run<Times>({ is: 'race', contestants, rounds });
  const peaks = new Map<string, Peak>();
  for (const { name, argv, exitCode } of all)
    peaks.set(name, await run<Peak>({ is: 'memory', argv, ...(exitCode === undefined ? {} : { exitCode }) }));
  const timeOf = (name: string) => least(totals(times, name));
  const memoryOf = (name: string) => peaks.get(name)?.mebibytes ?? Number.NaN;
  return commands.flatMap(({ name }): readonly Figure[] => [
    {
      ...{ size: sizeText(size), name: `${name}, ${state}`, value: timeOf(name), unit: 'ms' },
      against: { name: against.name, value: timeOf(against.name) },
      ratio: timeOf(name) / timeOf(against.name),
      runs: spreadOf(totals(times, name)),
      budget: { of: 'ratio', limit: comparison.timeLimit, is: 'most' },
    },
    {
      ...{ size: sizeText(size), name: `memory: ${name}, ${state}`, value: memoryOf(name), unit: 'MiB' },
      against: { name: against.name, value: memoryOf(against.name) },
      ratio: memoryOf(name) / memoryOf(against.name),
      ...(comparison.memoryLimit === undefined
        ? {}
        : { budget: { of: 'ratio', limit: comparison.memoryLimit, is: 'most' } as const }),
      note: processesText(peaks.get(name) as Peak),
    },
  ]);
}
