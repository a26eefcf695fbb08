import { type ProxyFlags, type ProxyProcess, startProxyProcess } from './proxy-process.js';

export interface ProxySupervisor {
  /** Returns the present process, or starts one. Concurrent calls start only one. */
  running(): Promise<ProxyProcess>;
  close(): Promise<void>;
}

export function createProxySupervisor(flags: ProxyFlags): ProxySupervisor {
  let current: Promise<ProxyProcess> | undefined;
  const closing = new AbortController();

  const forget = (process: Promise<ProxyProcess>): void => {
    if (current === process) current = undefined;
  };
  const start = (): Promise<ProxyProcess> => {
    if (closing.signal.aborted) throw new Error('the connection to the API server is closed');
    if (current !== undefined) return current;
    const starting = startProxyProcess(flags, closing.signal);
    current = starting;
    starting.catch(() => forget(starting));
    return starting;
  };
  return {
    async running() {
      const starting = start();
      const process = await starting;
      if (process.isUsable()) return process;
      forget(starting);
      await process.stop();
      return start();
    },
    async close() {
      closing.abort();
      await current?.then(
        ({ stop }) => stop(),
        () => undefined,
      );
    },
  };
}
