import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Feed } from '../../../src/cluster/watch/feed.js';
import { type FollowFilesTiming, followFiles } from '../../../src/cluster/watch/files.js';
import { KproxyError } from '../../../src/errors.js';

let temporary: string;
const feeds: Feed[] = [];
const at = (...names: readonly string[]): string => join(temporary, ...names);

// Time passes only in pass(). Events of the file system are real.
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  temporary = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
});
afterEach(async () => {
  for (const feed of feeds.splice(0)) await feed.close();
  vi.useRealTimers();
  await rm(temporary, { recursive: true });
});

/** Lets the event loop turn once, which delivers events of the file system, and a few milliseconds pass. */
async function pass(turns = 1): Promise<void> {
  for (let count = 0; count < turns; count += 1) {
    await turn();
    vi.advanceTimersByTime(5);
  }
}

interface Following {
  readonly lines: string[];
  readonly feed: Feed;
  /** Resolves with the next change. */
  changed(): Promise<void>;
  count(): number;
}

const never = 2 ** 31 - 1;
/** Only events, or only polling: a test of the one does not pass because of the other. */
const byEvents = { quiet: 2, maximumDelay: 50, poll: never } as const;
const byPolling = { quiet: never, maximumDelay: never, poll: 5 } as const;

async function follow(paths: readonly string[], timing: FollowFilesTiming = byEvents): Promise<Following> {
  const lines: string[] = [];
  let count = 0;
  let seen = 0;
  const onChange = () => {
    count += 1;
  };
  const feed = followFiles(paths, { onChange, onTrouble: line => lines.push(line), timing });
  feeds.push(feed);
  // The check that follows the start is over.
  await pass(4);
  expect(count).toBe(0);
  return {
    lines,
    feed,
    count: () => count,
    async changed() {
      while (count === seen) await pass();
      seen = count;
    },
  };
}

describe.each([
  ['by events', byEvents],
  ['by polling', byPolling],
])('changes are noticed %s', (_, timing) => {
  test('a file that is written, replaced by renaming, removed, and created again', async () => {
    writeFileSync(at('a.yaml'), 'one');
    const { changed } = await follow([at('a.yaml')], timing);
    writeFileSync(at('a.yaml'), 'two, longer');
    await changed();
    writeFileSync(at('.a.yaml.swp'), 'three');
    renameSync(at('.a.yaml.swp'), at('a.yaml'));
    await changed();
    rmSync(at('a.yaml'));
    await changed();
    writeFileSync(at('a.yaml'), 'four');
    await changed();
  });

  test('files of a folder and its subfolders, including new subfolders', async () => {
    mkdirSync(at('manifests', 'shop'), { recursive: true });
    const { changed } = await follow([at('manifests')], timing);
    for (const names of [['a.yaml'], ['shop', 'b.json'], ['shop', 'c.yml']]) {
      writeFileSync(at('manifests', ...names), 'x');
      await changed();
    }
    mkdirSync(at('manifests', 'new', 'deep'), { recursive: true });
    await changed();
    writeFileSync(at('manifests', 'new', 'deep', 'd.yaml'), 'x');
    await changed();
    rmSync(at('manifests', 'shop'), { recursive: true });
    await changed();
  });

  test('a folder that appears later, with the folders above it', async () => {
    const { changed } = await follow([at('a', 'b', 'manifests')], timing);
    mkdirSync(at('a', 'b'), { recursive: true });
    await pass(10);
    mkdirSync(at('a', 'b', 'manifests'));
    await changed();
    writeFileSync(at('a', 'b', 'manifests', 'a.yaml'), 'x');
    await changed();
  });

  test('a folder that is removed and created again with the same name', async () => {
    mkdirSync(at('manifests'));
    const { changed } = await follow([at('manifests')], timing);
    for (let round = 0; round < 3; round += 1) {
      rmSync(at('manifests'), { recursive: true });
      mkdirSync(at('manifests'));
      writeFileSync(at('manifests', 'a.yaml'), `${round}`);
      await changed();
      await pass(10);
    }
  });

  test('a mounted ConfigMap, in which one link to all files is replaced', async () => {
    const version = (name: string, text: string) => {
      mkdirSync(at('mount', name), { recursive: true });
      writeFileSync(at('mount', name, 'a.yaml'), text);
      symlinkSync(name, at('mount', '..new'));
      renameSync(at('mount', '..new'), at('mount', '..data'));
    };
    version('..1', 'one');
    symlinkSync(join('..data', 'a.yaml'), at('mount', 'a.yaml'));
    const followed = await follow([at('mount')], timing);
    const file = await follow([at('mount', 'a.yaml')], timing);
    version('..2', 'two');
    await followed.changed();
    await file.changed();
  });
});

test('a write that keeps size and modification time is noticed', async () => {
  writeFileSync(at('a.yaml'), 'one');
  utimesSync(at('a.yaml'), 1, 1);
  const { changed } = await follow([at('a.yaml')], byPolling);
  const { ctimeNs } = statSync(at('a.yaml'), { bigint: true });
  // The kernel's clock for files may tick only every few milliseconds.
  do {
    writeFileSync(at('a.yaml'), 'two');
    utimesSync(at('a.yaml'), 1, 1);
  } while (statSync(at('a.yaml'), { bigint: true }).ctimeNs === ctimeNs);
  await changed();
});

test('other files are ignored', async () => {
  mkdirSync(at('manifests'));
  writeFileSync(at('manifests', 'a.yaml'), 'x');
  const followed = await follow([at('manifests')]);
  writeFileSync(at('manifests', '.a.yaml.swp'), 'x');
  writeFileSync(at('manifests', 'README.md'), 'x');
  writeFileSync(at('other.yaml'), 'x');
  await pass(20);
  writeFileSync(at('manifests', 'b.yaml'), 'x');
  await followed.changed();
  await pass(20);
  expect(followed.count()).toBe(1);
});

test('polling without a change reports nothing', async () => {
  writeFileSync(at('a.yaml'), 'x');
  const followed = await follow([at('a.yaml'), at('nowhere')], byPolling);
  await pass(30);
  expect(followed.count()).toBe(0);
});

test('no change is reported after the end', async () => {
  writeFileSync(at('a.yaml'), 'x');
  const followed = await follow([at('a.yaml')], { ...byEvents, poll: 2 });
  appendFileSync(at('a.yaml'), 'y');
  await followed.feed.close();
  appendFileSync(at('a.yaml'), 'z');
  await pass(20);
  expect([followed.count(), followed.lines]).toEqual([0, []]);
});

test('stdin cannot be followed', () => {
  const error = (() => {
    try {
      return followFiles([at('a.yaml'), '-'], { onChange: () => {}, onTrouble: () => {} });
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(KproxyError);
  expect(error).toMatchObject({ code: 'options-contradict' });
});
