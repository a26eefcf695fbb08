import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { createKeyboard, type KeyboardInput } from '../../../src/tutorial/play/learner/keyboard.js';

function typing() {
  const events = new EventEmitter();
  const input = Object.assign(events, { resume: () => {}, pause: () => {} });
  const keyboard = createKeyboard(input as unknown as KeyboardInput);
  return {
    keyboard,
    type: (text: string) => events.emit('data', Buffer.from(text)),
    end: () => events.emit('end'),
    isListening: () => events.listenerCount('data') > 0,
    /** Returns all that the line editor can read, and null if that is nothing. Node 26 gives one piece at a time. */
    read: () => {
      const pieces: string[] = [];
      for (let piece = keyboard.stream.read(); piece !== null; piece = keyboard.stream.read()) pieces.push(`${piece}`);
      return pieces.length === 0 ? null : pieces.join('');
    },
  };
}

test('one line is passed, and the rest is kept for the next one', () => {
  const { keyboard, type, read } = typing();
  keyboard.passLine(false);
  type('ls');
  type(' -l\rcat <<E\rsecond line\r');
  expect(read()).toBe('ls -l\r');
  expect(read()).toBeNull();
  keyboard.passLine(false);
  expect(read()).toBe('cat <<E\r');
  keyboard.passLine(true);
  expect(read()).toBe('second line\r');
});

test('Enter that was pressed before the prompt does not count', () => {
  const { keyboard, type, read } = typing();
  keyboard.hold(() => {});
  type('\r\r');
  type('\n');
  keyboard.passLine(false);
  expect(read()).toBeNull();
  type('\r');
  expect(read()).toBe('\r');
});

test('empty lines count within a command', () => {
  const { keyboard, type, read } = typing();
  keyboard.passLine(false);
  type('cat <<E\r\n\r\nE\r\n');
  expect(read()).toBe('cat <<E\r\n');
  keyboard.passLine(true);
  expect(read()).toBe('\r\n');
  keyboard.passLine(true);
  expect(read()).toBe('E\r\n');
});

test('Ctrl-C while a command runs interrupts it, and drops what was typed before', () => {
  const { keyboard, type, read } = typing();
  const onInterrupt = vi.fn();
  keyboard.hold(onInterrupt);
  type('abc');
  type('d\u0003\u0004\u001aef');
  expect(onInterrupt).toHaveBeenCalledTimes(1);
  keyboard.passLine(false);
  expect(read()).toBe('ef');
});

test('the end of the input ends the editor at the next line, after what was typed', () => {
  const { keyboard, type, end } = typing();
  const texts: string[] = [];
  keyboard.stream.on('data', text => texts.push(String(text)));
  const hasEnded = new Promise(resolve => keyboard.stream.on('end', resolve));
  keyboard.hold(() => {});
  type('last');
  end();
  keyboard.passLine(false);
  return hasEnded.then(() => expect(texts).toEqual(['l', 'a', 's', 't']));
});

test('another reader of the input is alone', () => {
  const { keyboard, type, isListening, read } = typing();
  keyboard.hold(() => {});
  type('typed before');
  keyboard.release();
  expect(isListening()).toBe(false);
  keyboard.passLine(false);
  expect(isListening()).toBe(true);
  expect(read()).toBeNull();
});
