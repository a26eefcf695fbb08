import { type Table, table } from '../../table.js';
import type { Check, Step } from '../command.js';
import type { Module } from '../element.js';
import type { ElementKind } from '../kind.js';

/** Where a module shows that it is loaded or built into the kernel. A kernel with it may have no modules to load. */
const signs: Table<string> = table({ ip_vs: '/proc/net/ip_vs' });

const isPresent = ({ name }: Module): readonly Check[] => {
  const file = signs[name];
  return file === undefined ? [] : [{ argv: ['ls', file], needsNoRoot: true }];
};

/** Returns the step that loads a module. */
const load = (module: Module): Step => ({ command: { argv: ['modprobe', module.name] }, unless: isPresent(module) });

/** A kernel module. It is never removed, because other software may use it. */
export const moduleKind: ElementKind<Module> = {
  stage: () => 'module',
  key: module => `module ${module.name}`,
  same: () => true,
  describe: module => `kernel module ${module.name}`,
  steps: change => (change.verb === 'add' ? [load(change.after)] : []),
  batch: change => (change.verb === 'add' ? [{ text: change.after.name }] : []),
};
