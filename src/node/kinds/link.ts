import type { Step } from '../command.js';
import type { Link } from '../element.js';
import type { ElementKind } from '../kind.js';
import { isShouldBe } from '../tools/text.js';

const isPresent = (link: Link) => ({ argv: ['ip', 'link', 'show', link.name] });
const add = (link: Link): Step => ({
  command: { argv: ['ip', 'link', 'add', link.name, 'type', link.type] },
  unless: [isPresent(link)],
});
const remove = (link: Link): Step => ({
  command: { argv: ['ip', 'link', 'del', link.name] },
  when: isPresent(link),
});

/** A network device. It stays down: the kernel treats the addresses of a dummy device that is down as local too. */
export const linkKind: ElementKind<Link> = {
  stage: () => 'link',
  key: link => linkKey(link.name),
  same: (actual, desired) => actual.type === desired.type,
  differences: (actual, desired) => [isShouldBe('type', actual.type, desired.type)],
  describe: link => `${link.type} device ${link.name}`,
  steps: change => [
    ...(change.verb === 'add' ? [] : [remove(change.before)]),
    ...(change.verb === 'remove' ? [] : [add(change.after)]),
  ],
  batch: change => [
    ...(change.verb === 'add' ? [] : [{ text: `link del ${change.before.name}` }]),
    ...(change.verb === 'remove' ? [] : [{ text: `link add ${change.after.name} type ${change.after.type}` }]),
  ],
};

export const linkKey = (name: string): string => `link ${name}`;
