import * as z from 'zod';

const forwardingSchema = z.array(
  z.object({
    mac: z.string(),
    ifname: z.string().optional(),
    master: z.string().optional(),
    state: z.string().optional(),
  }),
);
const neighborsSchema = z.array(z.object({ dst: z.string(), lladdr: z.string().optional() }));

/**
 * Returns the ports of bridges by the addresses behind them, from the outputs of `bridge -j fdb show` and
 * `ip -j neigh show`. An entry `permanent` is a port's own hardware address, not that of a Pod.
 * @throws SyntaxError or ZodError if a text is not what the tools print
 */
export function parseBridgePorts(forwarding: string, neighbors: string): Readonly<Record<string, string>> {
  const ports = new Map<string, string>();
  for (const { mac, ifname, master, state } of forwardingSchema.parse(JSON.parse(forwarding)))
    if (ifname !== undefined && master !== undefined && state !== 'permanent') ports.set(mac, ifname);
  return Object.fromEntries(
    neighborsSchema.parse(JSON.parse(neighbors)).flatMap(({ dst, lladdr = '' }) => {
      const port = ports.get(lladdr);
      return port === undefined ? [] : [[dst, port]];
    }),
  );
}
