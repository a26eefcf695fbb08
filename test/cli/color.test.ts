import { expect, test } from 'vitest';
import { type ColorChoice, isColored } from '../../src/cli/options/color.js';
import { kproxy } from './support/run-cli.js';

const terminal = { isTTY: true };
const file = {};

test.each<readonly [string, boolean, ColorChoice, NodeJS.ProcessEnv, { readonly isTTY?: boolean }]>([
  ['a terminal', true, 'auto', {}, terminal],
  ['a file', false, 'auto', {}, file],
  ['a terminal without any ability', false, 'auto', { TERM: 'dumb' }, terminal],
  ['a terminal with NO_COLOR', false, 'auto', { NO_COLOR: '1' }, terminal],
  ['a terminal with an empty NO_COLOR', true, 'auto', { NO_COLOR: '' }, terminal],
  ['a file with FORCE_COLOR', true, 'auto', { FORCE_COLOR: '1' }, file],
  ['a terminal with FORCE_COLOR=0', false, 'auto', { FORCE_COLOR: '0' }, terminal],
  ['a file with NO_COLOR and FORCE_COLOR', false, 'auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, file],
  ['a file with --color always', true, 'always', { NO_COLOR: '1' }, file],
  ['a terminal with --color never', false, 'never', { FORCE_COLOR: '1' }, terminal],
])('%s: colored is %s', (_, colored, choice, environment, stream) => {
  expect(isColored(choice, environment, stream)).toBe(colored);
});

test.each([
  ['before', ['--color', 'sometimes', 'diff']],
  ['after', ['diff', '--color', 'sometimes']],
])('another value is a usage error, %s the command', async (_, argv) => {
  const { stderr, exitCode } = await kproxy(argv);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Allowed choices are auto, always, never');
});
