import { createNotifier } from './notifier.js';
import { createSystemdNotify, type SendNotification } from './systemd-notify.js';
import { watchdogPeriod } from './watchdog-period.js';

/** Reports the program's state to systemd, or to another service manager that has started it: sd_notify(3). */
export interface ServiceManager {
  /** Reports that the node was brought in line once. Later calls do nothing. */
  ready(): void;
  /** Reports what the program does or waits for before it is ready. Later calls do nothing. */
  waiting(text: string): void;
  /** Reports one line about the last sync. */
  status(text: string): void;
  /** Reports that the program ends. */
  stopping(): void;
  /** Resolves when everything was reported, within a few seconds. */
  close(): Promise<void>;
}

export interface ServiceManagerOptions {
  /** Takes a line for the log, once: a unit of another type is not concerned. */
  readonly onTrouble: (line: string) => void;
  /** Returns false if the service manager should restart the program. */
  readonly isAlive: () => boolean;
  readonly environment?: NodeJS.ProcessEnv;
  /** Returns a sender to a socket. Tests replace it. */
  readonly senderTo?: (socket: string) => SendNotification;
}

/**
 * Opens the connection to the service manager that the environment names, if it names one. Takes its variables out of
 * the environment: they are for this process, and not for the tools that it starts.
 */
export function openServiceManager(options: ServiceManagerOptions): ServiceManager {
  const { onTrouble, isAlive, environment = process.env, senderTo = createSystemdNotify } = options;
  const socket = environment.NOTIFY_SOCKET;
  const period = watchdogPeriod(environment, process.pid);
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete environment[name];
  if (!socket) return noServiceManager;

  let isReported = false;
  let isReady = false;
  const notifier = createNotifier(senderTo(socket), line => {
    if (!isReported) onTrouble(line);
    isReported = true;
  });
  // The first message starts the watchdog, even before READY. A node that was never in line is not for it.
  const feed = () => isReady && isAlive() && notifier.signal('WATCHDOG');
  const watchdog = period && setInterval(feed, period).unref();
  return {
    ready() {
      if (!isReady) notifier.signal('READY');
      isReady = true;
    },
    waiting: text => {
      if (!isReady) notifier.status(text);
    },
    status: notifier.status,
    stopping: () => notifier.signal('STOPPING'),
    async close() {
      clearInterval(watchdog);
      await notifier.close();
    },
  };
}

const noServiceManager: ServiceManager = {
  ready: () => {},
  waiting: () => {},
  status: () => {},
  stopping: () => {},
  close: async () => {},
};
