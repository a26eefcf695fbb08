import { createHash } from 'node:crypto';
import { countText } from '../../../text.js';
import type { Explanation, Flow } from '../../explanation.js';
import { printable } from '../printable.js';
import { basisText } from '../words.js';
import { causeOf, sharedCauses } from './causes.js';
import { flowOf } from './flow.js';
import { type Markup, markup, trusted } from './markup.js';
import { matrixOf } from './matrix.js';
import { pageScript } from './script.js';
import { styleFor } from './style/style.js';

/**
 * Returns an explanation as one HTML page that needs nothing else: no script, style, font or image from elsewhere, and
 * its content security policy allows none. The first flow that fails is chosen. Without scripts everything but the
 * unfolding for print works.
 */
export function htmlPage(given: Explanation): string {
  const explanation = printable(given);
  const { flows } = explanation;
  const style = styleFor(flows.length);
  const chosen = Math.max(
    flows.findIndex(({ verdict }) => verdict !== 'answered'),
    0,
  );
  const page = markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${explanation.asked} on ${explanation.node}: kproxy explain</title>
<style>${trusted(style)}</style>
</head>
<body>
${bodyOf(explanation, chosen)}
<script>${trusted(pageScript)}</script>
</body>
</html>
`;
  return page.markup;
}

/** Allows the style sheet and the script of this page, by their hashes, and nothing else. */
const policyFor = (style: string): string =>
  [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(pageScript)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

function bodyOf(explanation: Explanation, chosen: number): Markup {
  const { flows } = explanation;
  const causes = sharedCauses(flows);
  return markup`<header>
<p class="overline">kproxy explain</p>
<h1>${explanation.asked}</h1>
<p class="basis">on ${basisText(explanation)}</p>
<p class="summary">${summaryText(flows)}</p>
</header>
<main>
${causes.map(causeOf)}
<section class="clients" aria-labelledby="clients-title"><h2 id="clients-title">Clients</h2>
${matrixOf(flows, chosen)}</section>
<div class="panels">${flows.map((flow, index) =>
    flowOf(
      flow,
      index,
      causes.findIndex(({ flows: concerned }) => concerned.includes(flow)),
    ),
  )}</div>
</main>
<footer><p>Written by <code>kproxy explain -o html</code>.</p></footer>`;
}

function summaryText(flows: readonly Flow[]): string {
  const failed = flows.filter(({ verdict }) => verdict !== 'answered').length;
  if (flows.length === 0) return 'There is no client to explain.';
  if (failed === 0) return flows.length === 1 ? 'The client is answered.' : `All ${flows.length} flows are answered.`;
  return `${failed} of ${countText(flows.length, 'flow')} ${failed === 1 ? 'is' : 'are'} not answered.`;
}
