import { sendProbe } from '../run/send-probe.js';
import type { Io } from './shared/io.js';
import type { CommandOutcome } from './shared/outcome.js';

type Probes = Parameters<typeof sendProbe>[0] & { readonly count: number };

/** Sends packets at once, and prints what became of each as one line of JSON. */
export async function runSendProbe({ count, ...probe }: Probes, io: Pick<Io, 'stdout'>): Promise<CommandOutcome> {
  const outcomes = await Promise.all(Array.from({ length: count }, () => sendProbe(probe)));
  io.stdout(`${JSON.stringify({ outcomes })}\n`);
  return 'done';
}
