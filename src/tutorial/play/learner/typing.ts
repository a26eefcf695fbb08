import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { createKeyboard, type Keyboard, type KeyboardInput } from './keyboard.js';
import type { Learner, Prompt, Typed } from './learner.js';

/** The standard output, as far as the line editor needs it. */
interface Screen {
  readonly columns?: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  removeListener(event: 'resize', listener: () => void): unknown;
}

interface TypingOptions {
  readonly input: KeyboardInput;
  readonly screen: Screen;
  /** False on a terminal that only prints: the system's own line editing is used. */
  readonly hasLineEditor: boolean;
  /** Returns true for a line that the history keeps. */
  readonly isRemembered: (line: string) => boolean;
}

/** A person who types at a terminal. */
export function typingLearner({ input, screen, hasLineEditor, isRemembered }: TypingOptions): Learner {
  const keyboard = createKeyboard(input);
  const output = editorOutput(screen);
  const editor = createInterface({ input: keyboard.stream, output, terminal: hasLineEditor, historySize: 1000 });
  editor.on('history', history => forget(history, isRemembered));
  // Before the first prompt: while the machines start, and nothing can be interrupted.
  let isInterruptedEarly = false;
  let interrupt = () => {
    isInterruptedEarly = true;
  };
  // Without raw mode the terminal sends the signal itself.
  const onSignal = () => interrupt();
  process.on('SIGINT', onSignal);
  if (hasLineEditor) editor.on('SIGTSTP', () => stop(editor, input));
  let hasEnded = false;
  editor.once('close', () => {
    hasEnded = true;
  });
  return {
    isAutomatic: false,
    async ask(prompt) {
      if (hasEnded) return { kind: 'ended' };
      if (isInterruptedEarly) return { kind: 'interrupted', isSomethingDropped: false };
      interrupt = () => editor.emit('SIGINT');
      return askLine(editor, keyboard, output, prompt);
    },
    async whileBusy(work) {
      const controller = new AbortController();
      if (isInterruptedEarly) controller.abort();
      interrupt = () => controller.abort();
      keyboard.hold(interrupt);
      try {
        return await work(controller.signal);
      } finally {
        interrupt = () => editor.emit('SIGINT');
      }
    },
    async handOver(work) {
      keyboard.release();
      if (hasLineEditor) input.setRawMode?.(false);
      try {
        return await work();
      } finally {
        if (hasLineEditor && !hasEnded) input.setRawMode?.(true);
      }
    },
    close() {
      process.removeListener('SIGINT', onSignal);
      editor.close();
      output.close();
      keyboard.release();
    },
  };
}

function askLine(editor: Interface, keyboard: Keyboard, output: EditorOutput, prompt: Prompt): Promise<Typed> {
  return new Promise(resolve => {
    const answer = (typed: Typed) => {
      editor.removeListener('line', onLine);
      editor.removeListener('SIGINT', onInterrupt);
      editor.removeListener('close', onClose);
      output.isPrompting = false;
      resolve(typed);
    };
    const onLine = (text: string) => answer({ kind: 'line', text });
    const onInterrupt = () => {
      const isSomethingDropped = editor.line !== '' || prompt.isContinued;
      if (editor.terminal) clearLine(editor);
      output.write('^C\n');
      keyboard.hold(() => {});
      answer({ kind: 'interrupted', isSomethingDropped });
    };
    const onClose = () => {
      output.write('\n');
      answer({ kind: 'ended' });
    };
    editor.on('line', onLine);
    editor.on('SIGINT', onInterrupt);
    editor.on('close', onClose);
    output.isPrompting = true;
    editor.setPrompt(prompt.text);
    editor.prompt();
    keyboard.passLine(prompt.isContinued);
  });
}

/**
 * Stops this process for Ctrl-Z, until the shell continues it. Node would then wait for a signal before it reads keys
 * again, which never comes if there is no shell that could continue it: the kernel ignores the stop.
 */
function stop(editor: Interface, input: KeyboardInput): void {
  input.setRawMode?.(false);
  process.kill(0, 'SIGTSTP');
  input.setRawMode?.(true);
  editor.prompt(true);
}

function clearLine(editor: Interface): void {
  editor.write(null, { ctrl: true, name: 'e' });
  editor.write(null, { ctrl: true, name: 'u' });
}

/** Keys such as `h` are no commands that a person wants to have again. */
function forget(history: string[], isRemembered: (line: string) => boolean): void {
  for (let index = history.length - 1; index >= 0; index -= 1)
    if (!isRemembered(history[index] ?? '')) history.splice(index, 1);
}

interface EditorOutput extends Writable {
  /** True while a prompt is shown. Only then a change of the terminal's size concerns the editor. */
  isPrompting: boolean;
  close(): this;
}

function editorOutput(screen: Screen): EditorOutput {
  const output = new Writable({
    write(chunk, _, written) {
      screen.write(String(chunk));
      written();
    },
  });
  Object.defineProperty(output, 'columns', { get: () => screen.columns || 80 });
  const editorOutput = Object.assign(output, { isPrompting: false, close });
  const onResize = () => {
    if (editorOutput.isPrompting) output.emit('resize');
  };
  screen.on('resize', onResize);
  function close() {
    screen.removeListener('resize', onResize);
    return editorOutput;
  }
  return editorOutput;
}
