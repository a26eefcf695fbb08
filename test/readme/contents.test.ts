import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const project = new URL('../../', import.meta.url).pathname;
const readme = readFileSync(`${project}README.md`, 'utf8');
const help = (...words: string[]): string =>
  execFileSync(process.execPath, [`${project}dist/kproxy.js`, ...words, '--help'], { encoding: 'utf8' });

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();
const matches = (pattern: RegExp, text = readme): readonly string[] =>
  unique([...text.matchAll(pattern)].map(match => match[1] ?? ''));

/** The program's commands and each one's flags, `--` before them, as its help has them. */
const commands = matches(/^ {2}([a-z]+) /gm, /Commands:\n(.*?)\n\n/s.exec(help())?.[1]).filter(name => name !== 'help');
const flagsOf = (...words: string[]): readonly string[] =>
  matches(/^ {2}(?:-\w, )?(--[a-z-]+)/gm, /Options:\n(.*?)\n\n/s.exec(help(...words))?.[1]);

/** In blocks after a prompt, `node` or in a systemd unit, or with a comment behind; in prose between backticks. */
const blocks = matches(/^ *```(?:console|sh|ini)\n(.*?)^ *```/gms).join('');
const commandLines = unique([
  ...matches(/^ *(?:\S+\$ |node dist\/|ExecStart=\S*\/)?kproxy(?:\.js)? ((?:(?! \d?>)[^|#>\n])*)/gm, blocks),
  ...matches(/`kproxy ([^`\n]*)`/g),
]);
const wordsOf = (line: string): readonly string[] => line.trim().split(/\s+/);

/** The parts of the page below each heading. */
const sections = readme.split(/^(?=##+ )/m);
const headed = (pattern: RegExp): readonly string[] =>
  sections.filter(section => pattern.test(section.split('\n')[0] ?? ''));

/** The options of sync that the page does not explain once more for these. */
const asForSync: readonly string[] = ['diff', 'status'];
/** Where the page explains the options of a command. */
const explaining = (command: string): readonly string[] => [
  ...headed(/^## Commands$/),
  ...headed(new RegExp(`^### \`kproxy ${command}\\b`)),
  ...(asForSync.includes(command) ? headed(/^### `kproxy sync`$/) : []),
];

describe('the README', () => {
  test('speaks of every command, and of no other', () => {
    const spokenOf = unique(commandLines.map(line => wordsOf(line)[0] ?? '').filter(word => !word.startsWith('-')));
    expect(commands.length).toBeGreaterThan(1);
    expect(spokenOf).toEqual(commands);
  });

  test.each(['', ...commands])('explains every flag of kproxy %s', command => {
    const flags = flagsOf(...(command === '' ? [] : [command]));
    const inline = matches(/`(-[^`\n]*)`/g, explaining(command).join('\n'));
    const explained = matches(/(--[a-z-]+)/g, inline.join(' '));
    expect(flags).toContain('--help');
    expect(flags.filter(flag => !explained.includes(flag))).toEqual([]);
  });

  test.each(commandLines)('kproxy %s: the program has these flags', line => {
    const words = wordsOf(line);
    const known = words[0]?.startsWith('-') ? help() : help(words[0] ?? '');
    const flags = words.filter(word => /^-/.test(word));
    expect(flags.filter(flag => !new RegExp(`(^|[ ,])${flag}([ ,]|$)`, 'm').test(known))).toEqual([]);
  });

  test('explains every exit code that the program has', () => {
    const told = /Exit codes: ([^.]*)\./.exec(help().replace(/\s+/g, ' '))?.[1] ?? '';
    expect(matches(/^\| (\d+) +\|/gm)).toEqual(matches(/(\d+) [a-z]/g, told));
  });

  test('has the parts that explain the commands', () => {
    for (const command of commands) expect(headed(new RegExp(`^### \`kproxy ${command}\\b`))).not.toEqual([]);
  });

  test('names files that exist', () => {
    const files = matches(/(?:^|[`, (])((?:src|test|scripts|\.ci)\/[\w/-]+(?:\.\w+)*)/gm);
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter(file => !existsSync(project + file))).toEqual([]);
  });

  test('has the parts of the page that it refers to', () => {
    const anchors = matches(/^#+ (.*)$/gm).map(title =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = matches(/\]\(#([^)]+)\)/g);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter(link => !anchors.includes(link))).toEqual([]);
  });
});
