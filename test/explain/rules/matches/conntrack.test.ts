import { describe, expect, test } from 'vitest';
import { fits } from '../support/ask-rule.js';

const translated = { isDestinationTranslated: true, isSourceTranslated: true } as const;
const answer = { state: 'ESTABLISHED', isReply: true } as const;
const original = { source: '10.9.9.9', sourcePort: undefined, destination: '10.8.8.8', destinationPort: 443 };

describe('conntrack', () => {
  test.each([
    ['--ctstate NEW', {}, 'yes'],
    ['--ctstate RELATED,ESTABLISHED', {}, 'no'],
    ['--ctstate RELATED,ESTABLISHED', answer, 'yes'],
    ['! --ctstate INVALID', {}, 'yes'],
    ['--ctstate DNAT', {}, 'no'],
    ['--ctstate DNAT', translated, 'yes'],
    ['--ctstate SNAT', translated, 'yes'],
    ['--ctstate NEW,UNTRACKED', { state: 'UNTRACKED' }, 'yes'],
    // Without a connection no option but the state is asked.
    ['--ctstate UNTRACKED --ctproto 17', { state: 'UNTRACKED' }, 'yes'],
    ['! --ctdir REPLY', { state: 'UNTRACKED' }, 'no'],
    ['--ctdir ORIGINAL', {}, 'yes'],
    ['--ctdir REPLY', answer, 'yes'],
    ['--ctproto 6', {}, 'yes'],
    ['! --ctproto 6', {}, 'no'],
    ['--ctorigsrc 10.9.9.0/24', { original }, 'yes'],
    ['--ctorigdst 10.8.8.8', { original }, 'yes'],
    ['--ctorigdst 10.2.0.5', { original }, 'no'],
    ['--ctorigdstport 443', { original }, 'yes'],
    ['--ctorigsrcport 40000', { original }, 'maybe'],
    ['--ctreplsrc 10.2.0.5', {}, 'unknown'],
    ['--ctexpire 10', {}, 'unknown'],
  ] as const)('%s', (options, changes, expected) => expect(fits(`-m conntrack ${options}`, changes)).toBe(expected));
});

test('state knows the states without translations', () => {
  expect(fits('-m state --state NEW')).toBe('yes');
  expect(fits('-m state ! --state RELATED,ESTABLISHED', answer)).toBe('no');
});
