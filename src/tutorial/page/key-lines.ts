import { widthOf } from '../../output/width.js';
import { visible } from '../../visible.js';
import type { KeyLabel } from './page.js';
import type { Style } from './style.js';

/** How keys are told apart from what they do, and from the next key. */
interface Spacing {
  readonly within: string;
  readonly between: string;
}

const wide: Spacing = { within: ' ', between: '  ' };
const narrow: Spacing = { within: ':', between: ' ' };

/** Returns all keys in one line if they fit, closer to one another if need be. Otherwise in several lines. */
export function keyLines(keys: readonly KeyLabel[], style: Style): readonly string[] {
  const shown = keys.map(({ key, does }) => ({ key: visible(style.plain(key)), does: visible(style.plain(does)) }));
  const spacing = [wide, narrow].find(each => filled(shown, each, style.width).length <= 1) ?? wide;
  return filled(shown, spacing, style.width).map(line =>
    line.map(({ key, does }) => `${style.paint.bold(key)}${spacing.within}${does}`).join(spacing.between),
  );
}

function filled(keys: readonly KeyLabel[], { within, between }: Spacing, width: number): readonly KeyLabel[][] {
  const lines: KeyLabel[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const label of keys) {
    const needed = widthOf(`${label.key}${within}${label.does}`);
    if (used + widthOf(between) + needed > width) {
      lines.push([label]);
      used = needed;
    } else {
      lines.at(-1)?.push(label);
      used += widthOf(between) + needed;
    }
  }
  return lines;
}
