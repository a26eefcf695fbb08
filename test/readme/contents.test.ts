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

/** The commands of the program, and the long flags of each, from its help. */
const commands = matches(/^ {2}([a-z]+) /gm, /Commands:\n(.*?)\n\n/s.exec(help())?.[1]).filter(name => name !== 'help');
const flagsOf = (...words: string[]): readonly string[] =>
  matches(/^ {2}(?:-\w, )?(--[a-z-]+)/gm, /Options:\n(.*?)\n\n/s.exec(help(...words))?.[1]);

/** Command lines in blocks, after a prompt, after `node` or in a systemd unit, and in prose between backticks. */
const blocks = matches(/^ *```(?:console|sh|ini)\n(.*?)^ *```/gms).join('');
const commandLines = unique([
  ...matches(/^ *(?:\S+\$ |node dist\/|ExecStart=\S*\/)?kproxy(?:\.js)? ((?:(?! \d?>)[^|#>\n])*)/gm, blocks),
  ...matches(/`kproxy ([^`\n]*)`/g),
]);
const wordsOf = (line: string): readonly string[] => line.trim().split(/\s+/);

/** The sections of the page, each with its heading. */
const sections = readme.split(/^(?=##+ )/m);
const headed = (pattern: RegExp): readonly string[] =>
  sections.filter(section => pattern.test(section.split('\n')[0] ?? ''));

/** Commands with options that the page explains only for sync. */
const asForSync: readonly string[] = ['diff', 'status'];
/** Returns the sections that explain the options of a command. */
const explaining = (command: string): readonly string[] => [
  ...headed(/^## Commands$/),
  ...headed(new RegExp(`^### \`kproxy ${command}\\b`)),
  ...(asForSync.includes(command) ? headed(/^### `kproxy sync`$/) : []),
];

describe('the README', () => {
  test('has every command, and no other', () => {
    const mentioned = unique(commandLines.map(line => wordsOf(line)[0] ?? '').filter(word => !word.startsWith('-')));
    expect(commands.length).toBeGreaterThan(1);
    expect(mentioned).toEqual(commands);
  });

  test.each(['', ...commands])('explains every flag of kproxy %s', command => {
    const flags = flagsOf(...(command === '' ? [] : [command]));
    const inline = matches(/`(-[^`\n]*)`/g, explaining(command).join('\n'));
    const explained = matches(/(--[a-z-]+)/g, inline.join(' '));
    expect(flags).toContain('--help');
    expect(flags.filter(flag => !explained.includes(flag))).toEqual([]);
  });

  test.each(commandLines)('has only flags that the program has: kproxy %s', line => {
    const words = wordsOf(line);
    const known = words[0]?.startsWith('-') ? help() : help(words[0] ?? '');
    const flags = words.filter(word => /^-/.test(word));
    expect(flags.filter(flag => !new RegExp(`(^|[ ,])${flag}([ ,]|$)`, 'm').test(known))).toEqual([]);
  });

  test('explains every exit code that the program has', () => {
    const list = /Exit codes: ([^.]*)\./.exec(help().replace(/\s+/g, ' '))?.[1] ?? '';
    expect(matches(/^\| (\d+) +\|/gm)).toEqual(matches(/(\d+) [a-z]/g, list));
  });

  test('has a section for each command', () => {
    for (const command of commands) expect(headed(new RegExp(`^### \`kproxy ${command}\\b`))).not.toEqual([]);
  });

  test('names only files that exist', () => {
    const files = matches(/(?:^|[`, (])((?:src|test|scripts|\.ci)\/[\w/-]+(?:\.\w+)*)/gm);
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter(file => !existsSync(project + file))).toEqual([]);
  });

  test('links only to sections that it has', () => {
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
