import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const unit = /```ini\n(.*?)```/s.exec(readme)?.[1] ?? '';

/** Settings of systemd.unit(5), systemd.service(5) and systemd.kill(5), with the values that they may have here. */
const settings: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  Unit: { Description: /^./, Wants: /^[a-z-]+\.target$/, After: /^[a-z-]+\.target$/ },
  Service: {
    Type: /^notify$/,
    ExecStart: /^\/\S+\/kproxy sync --watch /,
    Restart: /^(always|on-failure)$/,
    RestartSec: /^\d+$/,
    TimeoutStartSec: /^(infinity|\d+)$/,
    WatchdogSec: /^\d+(s|min)$/,
    KillMode: /^(control-group|mixed|process)$/,
  },
  Install: { WantedBy: /^[a-z-]+\.target$/ },
};

test('the systemd unit on the page has only settings that systemd knows', () => {
  let section = '';
  const found: string[] = [];
  const wrong: string[] = [];
  for (const line of unit.split('\n').map(text => text.trim())) {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (/^\[\w+\]$/.test(line)) section = line.slice(1, -1);
    else if (settings[section]?.[name]?.test(value)) found.push(name);
    else if (line !== '') wrong.push(line);
  }
  expect(wrong).toEqual([]);
  expect(found).toEqual(expect.arrayContaining(['Type', 'ExecStart', 'Restart', 'WantedBy']));
});
