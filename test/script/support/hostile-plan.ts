import fc from 'fast-check';
import type { Change } from '../../../src/node/change.js';
import type { Element } from '../../../src/node/element.js';
import type { Reason, Reasons } from '../../../src/node/reason.js';

const pieces = [
  '$(touch ran)',
  '`touch ran`',
  '\n',
  '\n touch ran \n',
  '\r',
  '\u2028',
  '\t',
  ' ',
  "'",
  '"',
  '\\',
  '\\\n',
  '-',
  '--',
  ';touch ran;',
  '&& touch ran',
  '|',
  '>ran',
  '<',
  '*',
  '?',
  '~',
  '#',
  '!',
  '$HOME',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a shell's variable
  '${IFS}',
  '%s',
  '=',
  '{a,b}',
  '()',
  '\nEOF\n',
  'EOF',
  'fi',
  '名',
  'a',
];

/**
 * Text that means something to a shell, in pieces that touch a file if they are ever run. It has no NUL, because an
 * argv cannot.
 */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map(parts => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map(text => text.replaceAll('\0', '')),
);

/** Text of a batch, which must be one line. kproxy's own checks keep line breaks out. */
const hostileLine = hostileText.map(text => text.replace(/[\n\r]/g, ' '));

const hostileReason: fc.Arbitrary<Reason> = fc.record({
  servicePort: fc.option(hostileText, { nil: undefined }),
  why: hostileText,
});

const family = fc.constantFrom('IPv4' as const, 'IPv6' as const);
const table = fc.constantFrom('nat' as const, 'filter' as const);
const rules = fc.array(fc.array(hostileText, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 2 });
const server = { protocol: 'UDP' as const, address: '10.96.0.1', port: 53 };

const element: fc.Arbitrary<Element> = fc.oneof(
  fc.record({ kind: fc.constant('module' as const), name: hostileText }),
  fc.record({ kind: fc.constant('sysctl' as const), name: hostileText, value: hostileText }),
  fc.record({ kind: fc.constant('link' as const), name: hostileText, type: hostileText }),
  fc.record({
    kind: fc.constant('address' as const),
    link: hostileText,
    address: hostileText,
    prefix: fc.constantFrom(24, 32),
  }),
  fc.record({
    kind: fc.constant('set' as const),
    name: hostileText,
    type: fc.constant('hash:ip' as const),
    family,
    maximum: fc.constant(undefined),
  }),
  fc.record({ kind: fc.constant('entry' as const), set: hostileText, value: hostileText }),
  fc.record({ kind: fc.constant('chain' as const), family, table, name: hostileText, rules }),
  fc.record({
    kind: fc.constant('jumps' as const),
    family,
    table,
    chain: hostileText,
    rules,
  }),
  fc.record({
    kind: fc.constant('virtual-server' as const),
    protocol: fc.constant(server.protocol),
    address: fc.constant(server.address),
    port: fc.constant(server.port),
    // The lines of this batch pass through awk, which splits them into words.
    scheduler: hostileLine,
    flags: fc.constant([]),
    persistence: fc.constant(undefined),
  }),
  fc.record({
    kind: fc.constant('flow' as const),
    address: hostileText,
    port: fc.constant(53),
    backend: hostileText,
  }),
);

const someReasons = fc.array(hostileReason, { maxLength: 2 });

/** Reasons that are the same for all elements, and for two rules of each. */
export const hostileReasons: fc.Arbitrary<Reasons> = fc
  .record({ reasons: someReasons, rules: fc.array(hostileText, { maxLength: 2 }) })
  .map(({ reasons, rules }) => ({ of: () => reasons, ofRules: () => rules.map(why => ({ why, sets: ['A'] })) }));

/** A change with or without reasons of its own. */
const changeOf = (after: Element): fc.Arbitrary<Change> =>
  fc
    .record({
      verb: fc.constantFrom('add', 'change', 'remove'),
      own: fc.option(
        someReasons.map(reasons => ({ reasons })),
        { nil: {} },
      ),
    })
    .map(({ verb, own }): Change => {
      if (verb === 'remove') return { verb, before: after, ...own };
      return verb === 'add' ? { verb, after, ...own } : { verb: 'change', before: after, after, ...own };
    });

/**
 * Changes that no cluster can cause, since objects are checked. If a check ever fails, the shell must still see only
 * words.
 */
export const hostilePlan: fc.Arbitrary<readonly Change[]> = fc.array(element.chain(changeOf), {
  minLength: 1,
  maxLength: 4,
});
