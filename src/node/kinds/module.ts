import type { Module } from '../element.js';
import type { ElementKind } from '../kind.js';

/** A kernel module. It is never removed, because other software may use it. */
export const moduleKind: ElementKind<Module> = {
  stage: () => 'module',
  key: module => `module ${module.name}`,
  same: () => true,
  describe: module => `kernel module ${module.name}`,
  steps: change => (change.verb === 'add' ? [{ command: { argv: ['modprobe', change.after.name] } }] : []),
  batch: change => (change.verb === 'add' ? [{ text: change.after.name }] : []),
};
