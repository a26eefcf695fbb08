import type { RunningCommand, Sandbox } from '../../../../src/sandbox/sandbox.js';
import { addressOf, bridgeAddress, isNear } from './network.js';
import { conversationProgram, trafficProgram } from './traffic-program.js';

/** A client of a Service, and the address and port that it uses. */
export interface Flow {
  readonly name: string;
  readonly from: string;
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
}

/** Flow → outcome (`near-1 saw 10.244.1.9`, or a word for a failure) → count. */
export type Tally = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Connections that are opened all the time. */
export interface Traffic {
  /** Ends a part, and returns the outcomes of the connections that were opened in it. */
  part(): Promise<Tally>;
  /** Ends the traffic, and returns the last part. */
  end(): Promise<Tally>;
}

/** The guest's file with the number of connections that have ended. */
export const countFile = '/run/kproxy-test-traffic';

const input = (flows: readonly Flow[]): string =>
  flows.map(({ name, from, protocol, address, port }) => `${name} ${from} ${protocol} ${address} ${port}\n`).join('');

/** Returns the lines of the last part of a program's output. */
const lastPart = (text: string): readonly (readonly string[])[] =>
  (text.split(/^end \d+\n/m).at(-2) ?? '')
    .split('\n')
    .filter(line => line.includes('|'))
    .map(line => line.split('|'));

const untilPart = (command: RunningCommand, number: number): Promise<void> =>
  command.untilOutput(new RegExp(`^end ${number}$`, 'm'));

/**
 * Starts traffic, and resolves when every flow has had an answer. The pause is added to the time that a connection
 * takes.
 */
export async function startTraffic(
  sandbox: Sandbox,
  flows: readonly Flow[],
  pauseMilliseconds: number,
): Promise<Traffic> {
  const argv = ['perl', '-e', trafficProgram, countFile, String(pauseMilliseconds / 1000)];
  const command = sandbox.start(argv, { input: input(flows) });
  await command.untilOutput(/^flowing$/m);
  let parts = 0;
  const tally = (): Tally => {
    const outcomes: Record<string, Record<string, number>> = {};
    for (const [flow = '', outcome = '', count] of lastPart(command.stdout()))
      outcomes[flow] = { ...outcomes[flow], [outcome]: Number(count) };
    return outcomes;
  };
  return {
    async part() {
      command.kill('SIGHUP');
      parts += 1;
      await untilPart(command, parts);
      return tally();
    },
    async end() {
      command.kill('SIGTERM');
      const { exitCode, stderr } = await command.result;
      if (exitCode !== 0) throw new Error(`the traffic ended with exit code ${exitCode}: ${stderr}`);
      return tally();
    },
  };
}

/** Connections that stay open. */
export interface Conversations {
  /** Reads the backend's name on each: flow → outcome. */
  ask(): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

/** Opens a connection for each flow, and resolves when each has answered once. */
export async function converse(sandbox: Sandbox, flows: readonly Flow[]): Promise<Conversations> {
  const argv = ['perl', '-e', conversationProgram];
  const command = sandbox.start(argv, { input: input(flows) });
  let rounds = 1;
  await untilPart(command, rounds);
  return {
    async ask() {
      command.kill('SIGHUP');
      rounds += 1;
      await untilPart(command, rounds);
      return Object.fromEntries(lastPart(command.stdout()) as [string, string][]);
    },
    async close() {
      command.kill('SIGTERM');
      await command.result;
    },
  };
}

/** How a Service handles a flow: the backends, and whether they see the client or the node. */
export interface Handling {
  readonly backends: readonly string[];
  readonly source: 'client' | 'node';
}

/** Returns the outcomes that a flow may have. A backend that is its own client never sees its own address. */
export function rightOutcomes({ from, address }: Flow, { backends, source }: Handling): readonly string[] {
  return backends.map(backend => {
    const isMasqueraded = source === 'node' || backend === from;
    const masqueraded = isNear(backend) ? bridgeAddress(address) : addressOf('node', address);
    return `${backend} saw ${isMasqueraded ? masqueraded : addressOf(from, address)}`;
  });
}

/**
 * Returns the wrong outcomes of a tally: flow → outcome → count. Empty if nothing was lost, refused or wrongly
 * masqueraded.
 */
export function wrongOutcomes<Some extends Flow>(
  tally: Tally,
  flows: readonly Some[],
  handlings: (flow: Some) => readonly Handling[],
): Tally {
  const wrong = flows.map(flow => {
    const right = new Set(handlings(flow).flatMap(handling => rightOutcomes(flow, handling)));
    const entries = Object.entries(tally[flow.name] ?? {}).filter(([outcome]) => !right.has(outcome));
    return [flow.name, Object.fromEntries(entries)] as const;
  });
  return Object.fromEntries(wrong.filter(([, outcomes]) => Object.keys(outcomes).length > 0));
}

export const countOf = (tally: Tally): number =>
  Object.values(tally)
    .flatMap(outcomes => Object.values(outcomes))
    .reduce((sum, count) => sum + count, 0);
