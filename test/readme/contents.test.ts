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

/** In blocks after a prompt, `sudo` or `node`, or with a comment behind; in prose between backticks. */
const blocks = matches(/^```(?:console|sh)\n(.*?)^```/gms).join('');
const commandLines = unique([
  ...matches(/^(?:\S+\$ |node dist\/)?kproxy(?:\.js)? ([^|#>\n]*)/gm, blocks),
  ...matches(/`kproxy ([^`\n]*)`/g),
]);
const wordsOf = (line: string): readonly string[] => line.trim().split(/\s+/);

describe('the README', () => {
  test('speaks of both commands', () => {
    expect(unique(commandLines.map(line => wordsOf(line)[0] ?? '').filter(word => !word.startsWith('-')))).toEqual([
      'endpoints',
      'sync',
    ]);
  });

  test.each(commandLines)('kproxy %s: the program has these flags', line => {
    const words = wordsOf(line);
    const command = words[0]?.startsWith('-') ? [] : [words[0] ?? ''];
    const flags = words.filter(word => /^-/.test(word));
    const known = help(...command);
    expect(flags.filter(flag => !new RegExp(`(^|[ ,])${flag}([ ,]|$)`, 'm').test(known))).toEqual([]);
  });

  test('explains every exit code that the program has', () => {
    const told = /Exit codes: ([^.]*)\./.exec(help().replace(/\s+/g, ' '))?.[1] ?? '';
    expect(matches(/^\| (\d+) \|/gm)).toEqual(matches(/(\d+) [a-z]/g, told));
  });

  test('names files that exist', () => {
    const files = matches(/(?:^|[`, (])((?:src|test|scripts|\.ci)\/[\w/-]+(?:\.\w+)*)/gm);
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter(file => !existsSync(project + file))).toEqual([]);
  });
});
