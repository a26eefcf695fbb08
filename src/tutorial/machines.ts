/**
 * What the learner can run commands on: the machines of the chapter, their Pods, and `warehouse`, a machine outside the
 * cluster that serves on port 8080.
 */
export const machines = [
  'master',
  'inajob',
  'yuanying',
  'web-inajob',
  'client-inajob',
  'web-yuanying',
  'warehouse',
] as const;

export type Machine = (typeof machines)[number];

/** The machines whose kernels are programmed. */
export const workers = ['inajob', 'yuanying'] as const;

export type Worker = (typeof workers)[number];
