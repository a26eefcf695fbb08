import { describe, expect, test } from 'vitest';
import { type PageReader, readPages } from '../../src/cluster/pager.js';
import { withQuery } from '../../src/cluster/selection.js';

interface TestPage {
  readonly items: string;
  readonly next: string;
}

const expired = new Error('Expired');

/** A server whose answers are listed by the queries of their paths. */
function serverWith(answers: Readonly<Record<string, TestPage | Error>>, choice: Partial<PageReader<TestPage>> = {}) {
  const queries: string[] = [];
  const reader: PageReader<TestPage> = {
    pageSize: 500,
    isExpired: error => error === expired,
    repetition: () => new Error('repetition'),
    async read(page) {
      const query = withQuery('', page);
      queries.push(query);
      const answer = answers[query] ?? new Error(`no answer for ${query}`);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    ...choice,
  };
  const read = async () => (await readPages(reader)).map(({ items }) => items).join(' ');
  return { read, queries };
}

describe('a list in pages', () => {
  test('is read from the first page to the last', async () => {
    const { read, queries } = serverWith({
      '?limit=500': { items: 'a', next: 'to/ken=' },
      '?limit=500&continue=to%2Fken%3D': { items: 'b', next: 'c' },
      '?limit=500&continue=c': { items: 'c', next: '' },
    });
    expect(await read()).toBe('a b c');
    expect(queries).toHaveLength(3);
  });

  test('is one page if nothing follows', async () => {
    const { read, queries } = serverWith({ '?limit=500': { items: 'a', next: '' } });
    expect(await read()).toBe('a');
    expect(queries).toEqual(['?limit=500']);
  });

  test('of a version names the version only for its first page, since a token has its own', async () => {
    const { read, queries } = serverWith(
      {
        '?limit=500&resourceVersion=0': { items: 'a', next: 'b' },
        '?limit=500&continue=b': { items: 'b', next: '' },
      },
      { version: '0' },
    );
    expect(await read()).toBe('a b');
    expect(queries).toHaveLength(2);
  });

  test('is read in one piece without a page size', async () => {
    const { read, queries } = serverWith(
      { '?resourceVersion=7': { items: 'a', next: '' } },
      { pageSize: undefined, version: '7' },
    );
    expect(await read()).toBe('a');
    expect(queries).toEqual(['?resourceVersion=7']);
  });

  test('fails with the error of any page', async () => {
    const { read } = serverWith({
      '?limit=500': { items: 'a', next: 'b' },
      '?limit=500&continue=b': new Error('broken'),
    });
    await expect(read()).rejects.toThrow('broken');
  });

  test('fails if the server returns the same page again and again', async () => {
    const page = { items: 'a', next: 'b' };
    await expect(serverWith({ '?limit=500': page, '?limit=500&continue=b': page }).read()).rejects.toThrow(
      'repetition',
    );
  });
});

describe('an expired token', () => {
  const first = { items: 'old', next: 'b' };

  test('makes the list be read again without a limit, without what was read before', async () => {
    const answers = { '?limit=500': first, '?limit=500&continue=b': expired, '': { items: 'all', next: '' } };
    const { read, queries } = serverWith(answers);
    expect(await read()).toBe('all');
    expect(queries).toEqual(['?limit=500', '?limit=500&continue=b', '']);
  });

  test('is followed by pages too if the server limits them itself', async () => {
    const { read } = serverWith({
      '?limit=500': first,
      '?limit=500&continue=b': expired,
      '': { items: 'new', next: 'c' },
      '?continue=c': { items: 'more', next: '' },
    });
    expect(await read()).toBe('new more');
  });

  test.each([
    ['the list without a limit too', { '': expired }],
    ['a page after it', { '': { items: 'new', next: 'c' }, '?continue=c': expired }],
  ])('is an error if it is that of %s', async (_, answers) => {
    const { read } = serverWith({ '?limit=500': first, '?limit=500&continue=b': expired, ...answers });
    await expect(read()).rejects.toThrow('Expired');
  });

  test('of the first page is an error', async () => {
    const { read, queries } = serverWith({ '?limit=500': expired });
    await expect(read()).rejects.toThrow('Expired');
    expect(queries).toHaveLength(1);
  });
});
