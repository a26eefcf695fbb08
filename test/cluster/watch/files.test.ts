import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Feed } from '../../../src/cluster/watch/feed.js';
import { type FollowFilesTiming, followFiles } from '../../../src/cluster/watch/files.js';
import { createMerging } from '../../../src/cluster/watch/merging.js';
import { KproxyError } from '../../../src/errors.js';

let temporary: string;
const feeds: Feed[] = [];
const at = (...names: readonly string[]): string => join(temporary, ...names);

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
});
afterEach(async () => {
  for (const feed of feeds.splice(0)) await feed.close();
  await rm(temporary, { recursive: true });
});

interface Followed {
  readonly lines: string[];
  readonly feed: Feed;
  /** Resolves with the next change, whenever it comes. */
  changed(): Promise<void>;
  count(): number;
}

const never = 1_000_000;
/** Only events, or only the regular look: a test that needs the one does not pass by the other. */
const byEvents = { quiet: 2, longestMerge: 50, poll: never } as const;
const byLooking = { quiet: never, longestMerge: never, poll: 5 } as const;

async function follow(paths: readonly string[], timing: FollowFilesTiming = byEvents): Promise<Followed> {
  const lines: string[] = [];
  let count = 0;
  let seen = 0;
  const onChange = () => {
    count += 1;
  };
  const feed = followFiles(paths, { onChange, onTrouble: line => lines.push(line), timing });
  feeds.push(feed);
  // The look that follows the start is over.
  await pause(20);
  expect(count).toBe(0);
  return {
    lines,
    feed,
    count: () => count,
    async changed() {
      while (count === seen) await pause(2);
      seen = count;
    },
  };
}

describe.each([
  ['by events', byEvents],
  ['by looking', byLooking],
])('changes are noticed %s', (_, timing) => {
  test('a file that is written, replaced by renaming, removed, and there again', async () => {
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

  test('files of a folder and its sub-folders, new sub-folders too', async () => {
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

  test('a folder that appears later, with folders above that are not there either', async () => {
    const { changed } = await follow([at('a', 'b', 'manifests')], timing);
    mkdirSync(at('a', 'b'), { recursive: true });
    await pause(10);
    mkdirSync(at('a', 'b', 'manifests'));
    await changed();
    writeFileSync(at('a', 'b', 'manifests', 'a.yaml'), 'x');
    await changed();
  });

  test('a folder that is removed and made again under its name', async () => {
    mkdirSync(at('manifests'));
    const { changed } = await follow([at('manifests')], timing);
    for (let round = 0; round < 3; round += 1) {
      rmSync(at('manifests'), { recursive: true });
      mkdirSync(at('manifests'));
      writeFileSync(at('manifests', 'a.yaml'), `${round}`);
      await changed();
      await pause(10);
    }
  });

  test('a mounted ConfigMap, whose files are links through a link that is replaced', async () => {
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

test('a write that leaves size and modification time as they were', async () => {
  writeFileSync(at('a.yaml'), 'one');
  utimesSync(at('a.yaml'), 1, 1);
  const { changed } = await follow([at('a.yaml')], byLooking);
  writeFileSync(at('a.yaml'), 'two');
  utimesSync(at('a.yaml'), 1, 1);
  await changed();
});

test('what is beside the files is nothing', async () => {
  mkdirSync(at('manifests'));
  writeFileSync(at('manifests', 'a.yaml'), 'x');
  const followed = await follow([at('manifests')]);
  writeFileSync(at('manifests', '.a.yaml.swp'), 'x');
  writeFileSync(at('manifests', 'README.md'), 'x');
  writeFileSync(at('other.yaml'), 'x');
  await pause(20);
  writeFileSync(at('manifests', 'b.yaml'), 'x');
  await followed.changed();
  await pause(20);
  expect(followed.count()).toBe(1);
});

test('nothing is noticed where nothing happens, however often it is looked', async () => {
  writeFileSync(at('a.yaml'), 'x');
  const followed = await follow([at('a.yaml'), at('nowhere')], byLooking);
  await pause(30);
  expect(followed.count()).toBe(0);
});

test('after the end nothing is told', async () => {
  writeFileSync(at('a.yaml'), 'x');
  const followed = await follow([at('a.yaml')], { ...byEvents, poll: 2 });
  appendFileSync(at('a.yaml'), 'y');
  await followed.feed.close();
  appendFileSync(at('a.yaml'), 'z');
  await pause(20);
  expect([followed.count(), followed.lines]).toEqual([0, []]);
});

test('stdin is no file to follow', () => {
  const error = (() => {
    try {
      return followFiles([at('a.yaml'), '-'], { onChange: () => {}, onTrouble: () => {} });
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(KproxyError);
  expect(error).toMatchObject({ exitCode: 2 });
});

describe('merging', () => {
  test('many events in quick succession are one', async () => {
    let acts = 0;
    const merging = createMerging({ quiet: 5, longestMerge: never }, () => {
      acts += 1;
    });
    for (let events = 0; events < 100; events += 1) merging.event();
    while (acts === 0) await pause(1);
    await pause(20);
    expect(acts).toBe(1);
    merging.event();
    while (acts === 1) await pause(1);
    merging.close();
  });

  test('events without an end do not put it off for ever', async () => {
    let acts = 0;
    const merging = createMerging({ quiet: never, longestMerge: 5 }, () => {
      acts += 1;
    });
    while (acts < 3) {
      merging.event();
      await pause(1);
    }
    merging.close();
    expect(acts).toBe(3);
  });

  test('what was not done yet when it is closed is not done', async () => {
    let acts = 0;
    const merging = createMerging({ quiet: 1, longestMerge: 1 }, () => {
      acts += 1;
    });
    merging.event();
    merging.close();
    await pause(10);
    expect(acts).toBe(0);
  });
});
