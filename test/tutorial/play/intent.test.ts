import { expect, test } from 'vitest';
import { type Intent, intentOf } from '../../../src/tutorial/play/intent.js';

const key = (name: string, argument = '') => ({ kind: 'key', key: name, argument });
const command = (text: string, on?: string) => ({ kind: 'command', on, command: text });

test.each<[string, unknown]>([
  ['', { kind: 'enter' }],
  ['  ', { kind: 'enter' }],
  ['s', key('shell')],
  ['shell web-inajob', key('shell', 'web-inajob')],
  ['h', key('hint')],
  ['why', key('why')],
  ['b', key('back')],
  ['step 3', key('step', '3')],
  ['lang ja', key('language', 'ja')],
  ['?', key('help')],
  ['exit', key('quit')],
  [' exit', command('exit')],
  ['w -h', command('w -h')],
  ['exit 3', command('exit 3')],
  ['shell a b', command('shell a b')],
  ['h; ls', command('h; ls')],
  ['ipvsadm -Ln', command('ipvsadm -Ln')],
  ['on client-inajob: curl x', command('curl x', 'client-inajob')],
  ['on master kubectl get pod -o wide', command('kubectl get pod -o wide', 'master')],
  ['on inajob cat <<E\nx\nE', command('cat <<E\nx\nE', 'inajob')],
  ['on mars ls', { kind: 'unknown-machine', name: 'mars' }],
  ['on inajob', command('on inajob')],
])('%j', (typed, intent) => {
  expect(intentOf(typed, false)).toEqual(intent);
});

test.each<[string, Intent]>([
  ['a', { kind: 'choice', choice: 'a' }],
  ['B', { kind: 'choice', choice: 'b' }],
  ['back', { kind: 'key', key: 'back', argument: '' }],
  ['d', { kind: 'command', on: undefined, command: 'd' }],
])('%j as the answer to a question', (typed, intent) => {
  expect(intentOf(typed, true)).toEqual(intent);
});
