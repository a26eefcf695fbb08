import type { Machine } from '../machines.js';
import type { RawObservation } from './raw-observation.js';

/** Remembers whether what yuanying's kernel answered last may still be true. */
export interface YuanyingWatch {
  /** Called with each line before it runs. */
  line(machine: Machine, line: string): void;
  /** Called before a shell opens. */
  shell(): void;
  /** Called with each observation. */
  observed(observation: RawObservation): void;
  /** Returns the last answer, or undefined if the kernel must be read again. */
  known(): RawObservation['workers']['yuanying'] | undefined;
}

/**
 * Reading a worker takes 0.1 s, and yuanying has nothing to do for most of the lesson: it is read only after something
 * ran on it or on its Pod, or was about network namespaces or modules, and always once it has rules or virtual servers,
 * whose counters packets from elsewhere change. Nothing is known of what is typed into a shell.
 */
export function watchYuanying(): YuanyingWatch {
  let last: RawObservation['workers']['yuanying'] | undefined;
  let hasShell = false;
  return {
    line(machine, line) {
      if (mayChangeYuanying(machine, line)) last = undefined;
    },
    shell() {
      hasShell = true;
    },
    observed({ workers }) {
      const { iptables, stats } = workers.yuanying;
      last = iptables === '' && stats === '' && !hasShell ? workers.yuanying : undefined;
    },
    known: () => (hasShell ? undefined : last),
  };
}

const mayChangeYuanying = (machine: Machine, line: string): boolean =>
  machine.endsWith('yuanying') || /yuanying|netns|nsenter|modprobe/.test(line);
