import type { Step } from '../command.js';
import type { Sysctl } from '../element.js';
import type { ElementKind } from '../kind.js';
import { sysctlName } from '../sysctl-name.js';
import { isShouldBe } from '../tools/text.js';

const path = (sysctl: Sysctl): string => `/proc/sys/${sysctl.name}`;

/** Returns `at least 131072`, or the value alone. */
export const wantedValue = ({ value, atLeast }: Sysctl): string => (atLeast ? `at least ${value}` : value);

/**
 * Returns the step that writes a parameter. Loading its module may give one that is only raised a larger value than is
 * desired, so the node is asked again when the step runs.
 */
const step = (sysctl: Sysctl): Step => ({
  command: { argv: ['tee', path(sysctl)], input: `${sysctl.value}\n` },
  ...(sysctl.atLeast && { raises: { path: path(sysctl), to: Number(sysctl.value) } }),
});

/** A kernel parameter. It is set and never reset, because other software on the node may need it by now. */
export const sysctlKind: ElementKind<Sysctl> = {
  stage: () => 'sysctl',
  key: sysctl => `sysctl ${sysctl.name}`,
  same: (actual, desired) =>
    actual.value === desired.value || (desired.atLeast === true && Number(actual.value) >= Number(desired.value)),
  differences: (actual, desired) => [isShouldBe('value', actual.value, wantedValue(desired))],
  describe: sysctl => `sysctl ${sysctlName(sysctl.name)} = ${sysctl.value}`,
  steps: change => (change.verb === 'remove' ? [] : [step(change.after)]),
  batch: change => (change.verb === 'remove' ? [] : [{ section: change.after.value, text: path(change.after) }]),
};
