import { visible } from '../../visible.js';

/**
 * What a terminal obeys in the output of a command: a control sequence (CSI, of 7 or 8 bits), a string such as a title
 * (OSC, DCS and others), an escape of two or three characters, or a single control character.
 */
type State =
  | { readonly kind: 'text' }
  | { readonly kind: 'escape' }
  | { readonly kind: 'sequence'; readonly parameters: string }
  | { readonly kind: 'string' };

const escapeCharacter = '\u001b';
/** After an escape. */
const stringStarts = 'P]X^_';
/** The same in one character of 8 bits. */
const shortStringStarts = '\u0090\u009d\u0098\u009e\u009f';
const shortSequenceStart = '\u009b';
/** BEL, CAN, SUB, ST. */
const stringEnds = '\u0007\u0018\u001a\u009c';
/** The modes that switch to the second screen. */
const secondScreens: ReadonlySet<string> = new Set(['?47', '?1047', '?1049']);
/** A longer sequence sets no color. */
const longestSequence = 64;

/**
 * Lets text and colors of a command's output through, and nothing else that a terminal would obey: the cursor stays in
 * its line, and the title, the modes and the character set stay as they are. Accepts output in parts of any size.
 */
export class TerminalFilter {
  readonly #withColors: boolean;
  #state: State = { kind: 'text' };
  /** Held back until it is clear what follows: `\r`, or the first half of a character beyond U+FFFF. */
  #held = '';
  #isLineEmpty = true;
  #isColored = false;
  /** True while a program draws on the terminal's second screen, of which nothing is left when it ends. */
  #isOnSecondScreen = false;

  constructor(withColors: boolean) {
    this.#withColors = withColors;
  }

  /** Returns what of the output may be written. */
  pass(output: string): string {
    const text = this.#held + output;
    this.#held = /[\r\ud800-\udbff]$/.exec(text)?.[0] ?? '';
    let passed = '';
    for (const character of text.slice(0, text.length - this.#held.length).replaceAll('\r\n', '\n')) {
      passed += this.#next(character);
    }
    return passed;
  }

  /** Returns what brings the terminal to the beginning of a line, without colors. */
  end(): string {
    const ending = `${this.#isColored ? `${escapeCharacter}[0m` : ''}${this.#isLineEmpty ? '' : '\n'}`;
    this.#state = { kind: 'text' };
    this.#held = '';
    this.#isLineEmpty = true;
    this.#isColored = false;
    this.#isOnSecondScreen = false;
    return ending;
  }

  #next(character: string): string {
    if (character === escapeCharacter) return this.#become({ kind: 'escape' });
    if (character === shortSequenceStart) return this.#become({ kind: 'sequence', parameters: '' });
    switch (this.#state.kind) {
      case 'text':
        return this.#text(character);
      case 'escape':
        return this.#escape(character);
      case 'sequence':
        return this.#sequence(character, this.#state.parameters);
      case 'string':
        return this.#string(character);
    }
  }

  #become(state: State): '' {
    this.#state = state;
    return '';
  }

  #text(character: string): string {
    if (shortStringStarts.includes(character)) return this.#become({ kind: 'string' });
    if (this.#isOnSecondScreen) return '';
    if (character === '\n') this.#isLineEmpty = true;
    else if (character === '\t') this.#isLineEmpty = false;
    else if (character !== '\r' && character !== '\b') {
      if (/\p{Cc}/u.test(character)) return '';
      this.#isLineEmpty = false;
      return visible(character);
    }
    return character;
  }

  #escape(character: string): string {
    if (character === '[') return this.#become({ kind: 'sequence', parameters: '' });
    if (stringStarts.includes(character)) return this.#become({ kind: 'string' });
    // More characters of an escape such as `ESC ( B` follow.
    if (/[ -/]/.test(character)) return '';
    this.#state = { kind: 'text' };
    return /\p{Cc}/u.test(character) ? this.#text(character) : '';
  }

  #sequence(character: string, parameters: string): string {
    if (/[ -?]/.test(character)) {
      const isLong = parameters.length >= longestSequence;
      return this.#become({ kind: 'sequence', parameters: isLong ? parameters : parameters + character });
    }
    this.#state = { kind: 'text' };
    if (/[^@-~]/.test(character)) return this.#text(character);
    if (secondScreens.has(parameters)) this.#isOnSecondScreen = character === 'h';
    if (this.#isOnSecondScreen) return '';
    const isColor = character === 'm' && /^[\d;:]*$/.test(parameters) && parameters.length < longestSequence;
    if (!isColor || !this.#withColors) return '';
    this.#isColored = !/^0*$/.test(parameters);
    return `${escapeCharacter}[${parameters}m`;
  }

  /** Drops a string. The end of the line ends it too, so that one without an end hides no more than its line. */
  #string(character: string): string {
    if (character !== '\n' && !stringEnds.includes(character)) return '';
    this.#state = { kind: 'text' };
    return this.#text(character);
  }
}
