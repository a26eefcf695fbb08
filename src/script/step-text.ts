import type { Check, Command, Step } from '../node/command.js';
import { type IptablesBackend, programOf } from '../node/iptables-backend.js';
import { hereDocument, quoteArgument, quoteCommand } from './quote.js';

/** How commands are written: with `sudo` before them, and for which iptables backend. */
export interface ScriptStyle {
  readonly sudo: boolean;
  readonly iptables: IptablesBackend;
}

const argvText = ([program = '', ...rest]: readonly string[], { sudo, iptables }: ScriptStyle): string =>
  `${sudo ? 'sudo ' : ''}${quoteCommand([programOf(program, iptables), ...rest])}`;

const isOneWord = /^[\w./-]+\n$/;

function commandText({ argv, input }: Command, style: ScriptStyle): string {
  const text = argvText(argv, style);
  if (input === undefined) return text;
  return isOneWord.test(input) ? `echo ${input.trimEnd()} | ${text}` : `${text} ${hereDocument(input)}`;
}

function checkText({ argv, finds, once, isAbsent, needsNoRoot = false }: Check, style: ScriptStyle): string {
  const text = argvText(argv, needsNoRoot ? { ...style, sudo: false } : style);
  if (finds === undefined) return `${text} >/dev/null 2>&1`;
  const found = quoteArgument(finds);
  return once
    ? `[ "$(${text} 2>/dev/null | grep -c -F -x -e ${found})" = 1 ]`
    : `${isAbsent ? '! ' : ''}${text} 2>/dev/null | grep -F -e ${found} >/dev/null`;
}

const isHighEnough = ({ path, to }: NonNullable<Step['raises']>): Check => ({
  argv: ['awk', `{ exit !($1 >= ${to}) }`, path],
  needsNoRoot: true,
});

/** Returns a step as shell text that may be run again without harm. Only its checks differ from what sync runs. */
export function stepText(step: Step, style: ScriptStyle, command = commandText(step.command, style)): string {
  if (step.when !== undefined) return `if ${checkText(step.when, style)}; then\n${command}\nfi`;
  const checks = [...(step.unless ?? []), ...(step.raises === undefined ? [] : [isHighEnough(step.raises)])];
  const [first, ...more] = checks.map(check => checkText(check, style));
  if (first === undefined) return command;
  const guard = more.length === 0 ? first : `{ ${[first, ...more].join(' && ')}; }`;
  return `${guard} ||\n  ${command}`;
}
