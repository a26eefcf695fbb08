import type { Step } from '../command.js';
import type { Link } from '../element.js';
import type { ElementKind } from '../kind.js';
import { isShouldBe } from '../tools/text.js';

const isThere = (link: Link) => ({ argv: ['ip', 'link', 'show', link.name] });
const add = (link: Link): Step => ({
  command: { argv: ['ip', 'link', 'add', link.name, 'type', link.type] },
  unless: [isThere(link)],
});
const remove = (link: Link): Step => ({
  command: { argv: ['ip', 'link', 'del', link.name] },
  when: isThere(link),
});

/** A network device. It stays down: the kernel takes the addresses of a downed dummy device for its own all the same. */
export const linkKind: ElementKind<Link> = {
  stage: () => 'link',
  key: link => `link ${link.name}`,
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
