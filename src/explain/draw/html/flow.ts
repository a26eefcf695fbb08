import type { Flow, ProbeResult } from '../../explanation.js';
import { hasDetails } from './details.js';
import { type Markup, markup } from './markup.js';
import { draw, isWide } from './picture/drawing.js';
import { type Picture, pictureOf } from './picture/picture.js';
import type { Station } from './picture/station.js';
import { svgOf } from './picture/svg.js';
import { stepsOf } from './steps.js';
import { clientText, flowTargetText, signs } from './words.js';

/**
 * Returns one flow: what the client gets, the drawing and the steps.
 *
 * @param causeIndex the number of its cause among those of the page
 */
export function flowOf(flow: Flow, index: number, causeIndex: number): Markup {
  const picture = pictureOf(flow);
  const ids = idsOf(picture, index);
  const context = { clientTitle: clientText(flow), idOf: (station: Station) => ids.get(station) };
  return markup`<article class="panel" id="flow-${index}" aria-labelledby="flow-${index}-title">
<h2 id="flow-${index}-title">From ${clientText(flow)} to ${flowTargetText(flow)}</h2>
${resultOf(flow, causeIndex)}
<div class="columns ${isWide(picture) && 'forked'}">
<div class="drawing"><h3>The way through the node</h3>
${legend}
${drawings(flow, picture, index, context)}</div>
<div class="list"><h3>Step by step</h3>
<p class="hint">A hook opens with a click, a tap or Enter, here or in the drawing.</p>
${stepsOf(picture, context)}</div></div></article>`;
}

const legend = markup`<p class="legend"><span class="key">passed</span>
<span class="key not-passed">not passed</span>
<span class="key-changed">changed</span> address</p>`;

function drawings(
  flow: Flow,
  picture: Picture,
  index: number,
  { clientTitle, idOf }: { readonly clientTitle: string; readonly idOf: (station: Station) => string | undefined },
): readonly Markup[] {
  const forms = isWide(picture) ? (['narrow', 'wide'] as const) : (['narrow'] as const);
  return forms.map(form =>
    svgOf(draw(picture, form, { clientTitle }), {
      id: `flow-${index}-${form}`,
      className: forms.length === 1 ? 'only' : form,
      title: `The way of a packet from ${clientTitle} to ${flowTargetText(flow)}`,
      description: `${flow.verdict}: ${flow.clientSees}. The list "Step by step" has the same content as text.`,
      idOf: station => (hasDetails(station) ? idOf(station) : undefined),
    }),
  );
}

function resultOf({ verdict, clientSees, cause, probe }: Flow, causeIndex: number): Markup {
  const fix = cause !== undefined && markup`${cause.summary} <a href="#cause-${causeIndex}">What fixes it</a>`;
  const text = markup`<strong>${verdict}</strong>: the client gets ${clientSees}. ${fix}`;
  const result = line(signs[verdict], verdict === 'answered', text);
  return markup`${result}${probe !== undefined && probeOf(probe, clientSees)}`;
}

function probeOf({ agrees, verdict, text }: ProbeResult, expected: string): Markup {
  // Silence says nothing about a datagram.
  if (agrees && verdict === 'unknown')
    return markup`<p class="outcome probe"><span><strong>Probe</strong>: ${text}.</span></p>`;
  const said = markup`<strong>Probe ${agrees ? 'agrees' : 'differs'}</strong>: ${text}. Expected: ${expected}.`;
  return line(agrees ? '✓' : '✕', agrees, said);
}

const line = (sign: string, isGood: boolean, text: Markup): Markup =>
  markup`<p class="outcome ${isGood ? 'good' : 'bad'}"><span class="sign" aria-hidden="true">${sign}</span>
<span>${text}</span></p>
`;

function idsOf({ trunk, lanes }: Picture, index: number): ReadonlyMap<Station, string> {
  const stations = [...trunk, ...lanes.flatMap(({ rows }) => rows)].flatMap(({ taken }) => taken ?? []);
  return new Map(stations.map((station, number) => [station, `flow-${index}-step-${number + 1}`]));
}
