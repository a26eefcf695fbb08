import type { Finding, FindingLevel } from '../doctor/finding.js';
import { countText } from '../text.js';
import type { Paint } from './paint.js';
import { indent, padded, wrapped } from './wrap.js';

/** In characters: the longest level, and two blanks. */
const levelWidth = 9;

/** Returns the findings for people: what is so, why it matters, and the command that fixes it in one line. */
export function doctorText(findings: readonly Finding[], paint: Paint): string {
  const lines = [...findings.flatMap(finding => linesOf(finding, paint)), '', summary(findings)];
  return `${lines.join('\n')}\n`;
}

function linesOf(finding: Finding, paint: Paint): readonly string[] {
  const [first = '', ...rest] = wrapped(`${finding.check}: ${finding.what}`, indent(levelWidth));
  const head = `${painted(finding.level, paint)}${first.slice(levelWidth)}`;
  if (finding.level === 'ok') return [head, ...rest];
  return [
    head,
    ...rest,
    ...wrapped(finding.why, indent(levelWidth)),
    `${' '.repeat(levelWidth)}${paint.bold(`$ ${finding.fix}`)}`,
  ];
}

const painted = (level: FindingLevel, paint: Paint): string =>
  ({ ok: paint.green, advice: paint.yellow, problem: paint.red })[level](padded(level, levelWidth));

const counted = (findings: readonly Finding[], level: FindingLevel): number =>
  findings.filter(finding => finding.level === level).length;

/** Returns `1 problem, 2 pieces of advice`. */
function summary(findings: readonly Finding[]): string {
  const problems = countText(counted(findings, 'problem'), 'problem');
  return `${problems}, ${countText(counted(findings, 'advice'), 'piece of advice', 'pieces of advice')}`;
}
