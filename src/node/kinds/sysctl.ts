import type { Sysctl } from '../element.js';
import type { ElementKind } from '../kind.js';
import { sysctlName } from '../sysctl-name.js';
import { isShouldBe } from '../tools/text.js';

const path = (sysctl: Sysctl): string => `/proc/sys/${sysctl.name}`;

/** A kernel parameter. It is set and never reset, because other software on the node may need it by now. */
export const sysctlKind: ElementKind<Sysctl> = {
  stage: () => 'sysctl',
  key: sysctl => `sysctl ${sysctl.name}`,
  same: (actual, desired) => actual.value === desired.value,
  differences: (actual, desired) => [isShouldBe('value', actual.value, desired.value)],
  describe: sysctl => `sysctl ${sysctlName(sysctl.name)} = ${sysctl.value}`,
  steps: change =>
    change.verb === 'remove'
      ? []
      : [{ command: { argv: ['tee', path(change.after)], input: `${change.after.value}\n` } }],
  batch: change => (change.verb === 'remove' ? [] : [{ section: change.after.value, text: path(change.after) }]),
};
