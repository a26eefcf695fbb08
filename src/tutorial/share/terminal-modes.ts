const esc = '\u001b';

/** Modes that are off by default, in the order in which they are switched off: mouse, focus, paste, keys, screens. */
const offByDefault = ['1000', '1002', '1003', '1004', '1006', '2004', '1', '47', '1047', '1049'];
/** Wrapping of lines, and the cursor. */
const onByDefault = ['7', '25'];

/** Follows which modes of the terminal an output switches, to undo what a program that was killed could not undo. */
export interface ModeTracker {
  see(bytes: Uint8Array): void;
  /** Returns what switches each mode back. Empty if nothing is switched. */
  undo(): string;
}

export function createModeTracker(): ModeTracker {
  let state: State = initial;
  // The end of the output so far, if it is the first part of a sequence.
  let rest = '';
  return {
    see(bytes) {
      const text = rest + Buffer.from(bytes).toString('latin1');
      for (const sequence of text.split(esc).slice(1)) state = after(state, sequence);
      rest = unfinished(text);
    },
    undo() {
      const text = undoText(state);
      state = initial;
      return text;
    },
  };
}

interface State {
  /** The modes that are not as by default. */
  readonly switched: ReadonlySet<string>;
  readonly hasColor: boolean;
  /** True if the keypad sends sequences instead of digits. */
  readonly hasKeypad: boolean;
}

const initial: State = { switched: new Set(), hasColor: false, hasKeypad: false };

/** Returns the state after a sequence, which is given without its escape and with the text behind it. */
function after(state: State, sequence: string): State {
  if (sequence.startsWith('=') || sequence.startsWith('>')) return { ...state, hasKeypad: sequence.startsWith('=') };
  const color = /^\[([\d;]*)m/.exec(sequence)?.[1];
  if (color !== undefined) return { ...state, hasColor: !/^0*$/.test(color) };
  const [, modes, letter] = /^\[\?([\d;]+)([hl])/.exec(sequence) ?? [];
  return modes === undefined
    ? state
    : { ...state, switched: withModes(state.switched, modes.split(';'), letter === 'h') };
}

function withModes(before: ReadonlySet<string>, modes: readonly string[], isOn: boolean): ReadonlySet<string> {
  const switched = new Set(before);
  for (const mode of modes) {
    if ((isOn ? offByDefault : onByDefault).includes(mode)) switched.add(mode);
    else switched.delete(mode);
  }
  return switched;
}

function undoText({ switched, hasColor, hasKeypad }: State): string {
  const on = (mode: string) => switched.has(mode);
  return [
    ...offByDefault.filter(on).map(mode => `${esc}[?${mode}l`),
    ...onByDefault.filter(on).map(mode => `${esc}[?${mode}h`),
    ...(hasKeypad ? [`${esc}>`] : []),
    ...(hasColor ? [`${esc}[m`] : []),
  ].join('');
}

const longestSequence = 32;

/** Returns the end of the text from the last escape on, if it is a sequence that is not complete. */
function unfinished(text: string): string {
  const start = text.lastIndexOf(esc);
  const sequence = start < 0 ? '' : text.slice(start);
  return sequence.length < longestSequence && /^.(?:\[[?\d;]*)?$/.test(sequence) ? sequence : '';
}
