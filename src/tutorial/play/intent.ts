import { type Choice, choices } from '../lesson/step.js';
import { type Machine, machines } from '../machines.js';
import { type KeyName, keyNamed } from './keys/names.js';

/** What the learner wants with a typed text. */
export type Intent =
  | { readonly kind: 'enter' }
  | { readonly kind: 'key'; readonly key: KeyName; readonly argument: string }
  | { readonly kind: 'choice'; readonly choice: Choice }
  /** Runs on the machine of the task if it has none. */
  | { readonly kind: 'command'; readonly on: Machine | undefined; readonly command: string }
  | { readonly kind: 'unknown-machine'; readonly name: string };

/**
 * Reads what was typed. A blank in front makes any text a command, also one that is a key's name: ` w` runs `w`.
 * @param isQuestion true if a, b and c are answers
 */
export function intentOf(typed: string, isQuestion: boolean): Intent {
  const text = typed.trim();
  if (text === '') return { kind: 'enter' };
  if (/^[ \t]/.test(typed)) return command(text);
  const choice = isQuestion ? choices.find(one => one === text.toLowerCase()) : undefined;
  if (choice !== undefined) return { kind: 'choice', choice };
  return keyIntent(text) ?? elsewhere(text) ?? command(text);
}

const command = (text: string, on?: Machine): Intent => ({ kind: 'command', on, command: text });

/** A key's name with more words than the key takes is a command, such as `step` of another program. */
function keyIntent(text: string): Intent | undefined {
  const [name = '', ...words] = text.split(/\s+/);
  const key = keyNamed(name);
  if (key === undefined || words.length > (key.takesArgument ? 1 : 0)) return undefined;
  return { kind: 'key', key: key.name, argument: words[0] ?? '' };
}

/** Reads `on MACHINE COMMAND`, and `on MACHINE: COMMAND`. */
function elsewhere(text: string): Intent | undefined {
  const [, name, line] = /^on[ \t]+([a-z0-9-]+):?[ \t]+([\s\S]+)$/.exec(text) ?? [];
  if (name === undefined || line === undefined) return undefined;
  const machine = machineNamed(name);
  return machine === undefined ? { kind: 'unknown-machine', name } : command(line.trim(), machine);
}

export const machineNamed = (name: string): Machine | undefined => machines.find(machine => machine === name);
