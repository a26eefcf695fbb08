import type { Page } from '../../../../src/tutorial/page/page.js';

/** A page that writes one line for each thing that is printed, on a screen for some paragraphs. */
export function fakePage(lines: string[], paragraphsOnScreen = Number.POSITIVE_INFINITY): Page {
  return {
    act: title => lines.push(`act: ${title}`),
    step: (number, count, title) => lines.push(`step ${number}/${count}: ${title}`),
    paragraphs: paragraphs => {
      for (const paragraph of paragraphs)
        lines.push(...(typeof paragraph === 'string' ? [paragraph] : paragraph.picture.split('\n')));
    },
    fitting: ({ length }) => Math.min(length, paragraphsOnScreen),
    command: (on, isRoot, command) => lines.push(`${on}${isRoot ? '#' : '$'} ${command}`),
    output: text => lines.push(...text.split('\n').slice(0, -1)),
    endOutput: () => {},
    moved: (heading, movements) => lines.push(heading, ...movements.map(({ mark, where }) => `${mark} ${where}`)),
    line: (mark, text) => lines.push(`${mark}: ${text}`),
    question: (ask, choices) =>
      lines.push(ask, ...Object.entries(choices).map(([choice, text]) => `${choice}) ${text}`)),
    keys: keys => lines.push(`keys: ${keys.map(({ key, does }) => `${key} ${does}`).join(', ')}`),
  };
}
