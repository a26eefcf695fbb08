import { statusLine } from '../output/sync-status.js';
import type { SendNotification } from './systemd-notify.js';

/** Sends assignments in messages, one message at a time. Nothing waits for it, except `close`. */
export interface Notifier {
  /** Sends an assignment at once, and a waiting status with it. */
  signal(name: 'READY' | 'STOPPING' | 'WATCHDOG'): void;
  /** Sends a status that differs from the last one. Each message is a process, so at most one status in 5 s is sent. */
  status(text: string): void;
  /** Sends what waits, and resolves when that was sent or given up. */
  close(): Promise<void>;
}

/** The least time between two messages that only have a status, in milliseconds. */
const statusPause = 5_000;

export function createNotifier(send: SendNotification, onTrouble: (line: string) => void): Notifier {
  const waiting = new Map<string, string>();
  let lastStatus: string | undefined;
  let lastSent = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let isDue = false;
  let sending: Promise<void> | undefined;

  async function sendWhileDue(): Promise<void> {
    while (isDue && waiting.size > 0) {
      isDue = false;
      lastSent = performance.now();
      const assignments = Array.from(waiting, ([name, value]) => `${name}=${value}`);
      waiting.clear();
      const trouble = await send(assignments);
      if (trouble !== undefined) onTrouble(trouble);
    }
    sending = undefined;
  }

  function sendNow(): void {
    clearTimeout(timer);
    timer = undefined;
    isDue = true;
    sending ??= sendWhileDue();
  }

  return {
    signal(name) {
      waiting.set(name, '1');
      sendNow();
    },
    status(text) {
      if (text === lastStatus) return;
      lastStatus = text;
      // A second line would be an assignment of its own.
      waiting.set('STATUS', statusLine(text));
      timer ??= setTimeout(sendNow, Math.max(0, lastSent + statusPause - performance.now())).unref();
    },
    async close() {
      sendNow();
      await sending;
    },
  };
}
