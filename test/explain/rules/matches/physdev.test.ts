import { describe, expect, test } from 'vitest';
import { fits } from '../support/ask-rule.js';

const routed = { bridgePortIn: 'p0' };
const bridged = { bridgePortIn: 'p0', bridgePortOut: 'p1' };
const vague = { bridgePortIn: 'unknown' };

describe('physdev', () => {
  test.each([
    ['--physdev-is-in', {}, 'no'],
    ['! --physdev-is-in', {}, 'yes'],
    ['! --physdev-in p0', {}, 'yes'],
    ['--physdev-is-in', routed, 'yes'],
    ['--physdev-is-bridged', routed, 'no'],
    ['--physdev-is-bridged', bridged, 'yes'],
    ['! --physdev-is-bridged', bridged, 'no'],
    ['--physdev-is-out', bridged, 'yes'],
    ['--physdev-in p0', routed, 'yes'],
    ['--physdev-in p+', routed, 'yes'],
    ['! --physdev-in p0', routed, 'no'],
    ['--physdev-out p1', bridged, 'yes'],
    // A packet that came through a port and leaves through none fits neither.
    ['--physdev-out p1', routed, 'no'],
    ['! --physdev-out p1', routed, 'no'],
    ['--physdev-is-in', vague, 'yes'],
    ['--physdev-in p0', vague, 'unknown'],
    ['! --physdev-in p0', vague, 'unknown'],
    ['--physdev-in +', vague, 'yes'],
    ['--physdev-odd', routed, 'unknown'],
  ])('%s of %o: %s', (options, changes, expected) => expect(fits(`-m physdev ${options}`, changes)).toBe(expected));
});
