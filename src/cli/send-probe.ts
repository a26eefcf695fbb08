import { Argument, type Command, InvalidArgumentError } from 'commander';
import type { CommandOutcome } from '../commands/shared/outcome.js';
import { KproxyError } from '../errors.js';
import { action } from './action.js';
import { processIo } from './io.js';

/** Adds the command that `explain --probe` starts, in the network namespace of the client. Help does not list it. */
export function addSendProbeCommand(kproxy: Command): void {
  kproxy
    .command('send-probe', { hidden: true })
    .description('send packets as explain --probe does, and print what became of them')
    .addArgument(new Argument('<protocol>', 'the protocol').choices(['tcp', 'udp']))
    .addArgument(new Argument('<address>', 'the address'))
    .addArgument(new Argument('<port>', 'the port').argParser(numberUpTo(65_535)))
    .addArgument(new Argument('<milliseconds>', 'how long to wait for an answer').argParser(numberUpTo(60_000)))
    .addArgument(new Argument('<count>', 'the number of packets').argParser(numberUpTo(100)))
    .addArgument(new Argument('[source]', 'the address to send from'))
    .action(action(sendProbes));
}

async function sendProbes(
  protocol: 'tcp' | 'udp',
  address: string,
  port: number,
  milliseconds: number,
  count: number,
  source?: string,
): Promise<CommandOutcome> {
  const [{ runSendProbe }, { canonicalAddress }] = await Promise.all([
    import('../commands/send-probe.js'),
    import('../net/address.js'),
  ]);
  for (const text of [address, ...(source === undefined ? [] : [source])])
    if (canonicalAddress(text) === undefined)
      throw new KproxyError({ code: 'option-invalid', message: `${JSON.stringify(text)} is not an IP address` });
  const probe = { protocol: protocol === 'tcp' ? 'TCP' : 'UDP', address, port, source, milliseconds, count } as const;
  return runSendProbe(probe, processIo);
}

const numberUpTo =
  (most: number) =>
  (text: string): number => {
    const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (number < 1 || number > most) throw new InvalidArgumentError(`A number from 1 to ${most} is needed.`);
    return number;
  };
