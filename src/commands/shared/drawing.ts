import { htmlPage } from '../../explain/draw/html/page.js';
import { explanationJson } from '../../explain/draw/json/json.js';
import { explanationMermaid } from '../../explain/draw/mermaid/mermaid.js';
import { detailText } from '../../explain/draw/text/detail-text.js';
import { matrixText } from '../../explain/draw/text/matrix-text.js';
import { minimalText } from '../../explain/draw/text/minimal-text.js';
import type { Explanation } from '../../explain/explanation.js';
import { paintWith } from '../../output/paint.js';

/** How an explanation is printed. `text` is a matrix, or one packet's way if the user chose the client. */
export type Form = 'text' | 'minimal' | 'detailed' | 'json' | 'html' | 'mermaid';

/** Returns an explanation in the form that the user chose. */
export function drawing(explanation: Explanation, form: Form, isOneClient: boolean, isColored: boolean): string {
  const paint = paintWith(isColored);
  switch (form) {
    case 'json':
      return explanationJson(explanation);
    case 'minimal':
      return minimalText(explanation);
    case 'detailed':
      return detailText(explanation, true, paint);
    case 'text':
      return isOneClient || explanation.flows.length === 1
        ? detailText(explanation, false, paint)
        : matrixText(explanation, paint);
    case 'html':
      return htmlPage(explanation);
    case 'mermaid':
      return explanationMermaid(explanation);
  }
}
