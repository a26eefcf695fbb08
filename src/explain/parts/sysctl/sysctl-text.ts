import type { Paint } from '../../../output/paint.js';
import { kproxy } from '../owners.js';
import type { SysctlExplanation } from '../part.js';
import { knowledgeLines, paragraphLines, stateText, title } from '../part-words.js';

/** Returns an explained kernel parameter as text. */
export const sysctlText = (sysctl: SysctlExplanation, paint: Paint): readonly string[] => [
  title(sysctl.name, sysctl.state, titleState(sysctl), paint),
  '',
  ...knowledgeLines(sysctl),
  '',
  ...valueLines(sysctl),
];

const titleState = ({ state }: SysctlExplanation): string =>
  state === 'foreign' ? 'kproxy never sets it' : stateText(state, kproxy);

function valueLines({ value, needed, isOnlyRaised, effective, meaning }: SysctlExplanation): readonly string[] {
  const raise = isOnlyRaised ? ', and never lowers it' : '';
  const need = needed === undefined ? undefined : `kproxy sets it to ${needed}${raise}.`;
  if (value === undefined)
    return paragraphLines(['Its value was not read.', need].filter(text => text !== undefined).join(' '));
  const counts =
    effective === undefined || effective === value ? '' : ` The value for all devices counts: ${effective}.`;
  return paragraphLines([`It is ${value}.${counts}`, meaning, need].filter(text => text !== undefined).join(' '));
}
