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

/** The program's commands, as its help lists them. */
const commands = matches(/^ {2}([a-z]+) /gm, /Commands:\n(.*?)\n\n/s.exec(help())?.[1]).filter(name => name !== 'help');
/** Returns the long flags of a command, as its help lists them. */
const flagsOf = (...words: string[]): readonly string[] =>
  matches(/^ {2}(?:-\w, )?(--[a-z-]+)/gm, /Options:\n(.*?)\n\n/s.exec(help(...words))?.[1]);

/** The arguments of each `kproxy` on the page: in blocks and systemd units, and between backticks in prose. */
const blocks = matches(/^ *```(?:console|sh|ini)\n(.*?)^ *```/gms).join('');
const commandLines = unique([
  ...matches(/^ *(?:\S+\$ |node dist\/|ExecStart=\S*\/)?kproxy(?:\.js)? ((?:(?! \d?>)[^|#>\n])*)/gm, blocks),
  ...matches(/`kproxy ([^`\n]*)`/g),
]);
const wordsOf = (line: string): readonly string[] => line.trim().split(/\s+/);

const sections = readme.split(/^(?=##+ )/m);
/** Returns the sections whose heading matches. */
const sectionsOf = (pattern: RegExp): readonly string[] =>
  sections.filter(section => pattern.test(section.split('\n')[0] ?? ''));

/** Matches the heading of a command's section, which may begin with other words and a colon. */
const headingOf = (command: string): RegExp => new RegExp(`^##+ (?:.*: )?\`kproxy ${command}\\b`);

/** The commands that share options with sync. The page explains these once, for sync. */
const likeSync: readonly string[] = ['diff', 'status', 'explain'];
/** Returns the sections that explain the options of a command. */
const explanationsOf = (command: string): readonly string[] => [
  ...sectionsOf(/^## Commands$/),
  ...sectionsOf(headingOf(command)),
  ...(likeSync.includes(command) ? sectionsOf(/^### `kproxy sync`$/) : []),
];

describe('the README', () => {
  test('mentions every command, and no other', () => {
    const names = unique(commandLines.map(line => wordsOf(line)[0] ?? '').filter(word => !word.startsWith('-')));
    expect(commands.length).toBeGreaterThan(1);
    expect(names).toEqual(commands);
  });

  test.each(['', ...commands])('explains every flag of kproxy %s', command => {
    const flags = flagsOf(...(command === '' ? [] : [command]));
    const inline = matches(/`(-[^`\n]*)`/g, explanationsOf(command).join('\n'));
    const explanations = matches(/(--[a-z-]+)/g, inline.join(' '));
    expect(flags).toContain('--help');
    expect(flags.filter(flag => !explanations.includes(flag))).toEqual([]);
  });

  test.each(commandLines)('kproxy %s: the program has these flags', line => {
    const words = wordsOf(line);
    const helpText = words[0]?.startsWith('-') ? help() : help(words[0] ?? '');
    const flags = words.filter(word => /^-/.test(word));
    expect(flags.filter(flag => !new RegExp(`(^|[ ,])${flag}([ ,]|$)`, 'm').test(helpText))).toEqual([]);
  });

  test('explains every exit code that the program has', () => {
    const codes = /Exit codes: ([^.]*)\./.exec(help().replace(/\s+/g, ' '))?.[1] ?? '';
    expect(matches(/^\| (\d+) +\|/gm)).toEqual(matches(/(\d+) [a-z]/g, codes));
  });

  test('has a section for each command', () => {
    for (const command of commands) expect(sectionsOf(headingOf(command))).not.toEqual([]);
  });

  test('names files that exist', () => {
    const files = matches(/(?:^|[`, (])((?:src|test|scripts|\.ci)\/[\w/-]+(?:\.\w+)*)/gm);
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter(file => !existsSync(project + file))).toEqual([]);
  });

  test('has the sections that it links to', () => {
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
