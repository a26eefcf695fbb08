import { baseStyle } from './base.js';
import { matrixStyle } from './matrix.js';
import { pictureStyle } from './picture.js';
import { printStyle } from './print.js';
import { stepsStyle } from './steps.js';

/** Returns the page's style sheet for a number of flows. */
export const styleFor = (flows: number): string =>
  [baseStyle, matrixStyle, pictureStyle, stepsStyle, printStyle, flows === 0 ? '' : choiceStyle(flows)].join('');

/** Shows the flow that is chosen. A browser that does not know `:has` shows all of them. */
function choiceStyle(flows: number): string {
  const chosen = Array.from({ length: flows }, (_, index) => `body:has(#choose-${index}:checked) #flow-${index}`);
  return `
@media screen {
  @supports selector(:has(a)) {
    .panel { display: none }
    ${chosen.join(',\n    ')} { display: block }
  }
}
`;
}
