import type { End } from '../../trace/trace.js';
import { endsText } from '../words.js';
import { detailsOf } from './details.js';
import { type Markup, markup } from './markup.js';
import type { Row } from './picture/align.js';
import { laneNote, laneTitle } from './picture/lane-title.js';
import type { Picture } from './picture/picture.js';
import type { Station } from './picture/station.js';
import { outcomeText } from './words.js';

/** What the list of a flow's stations is written with. */
export interface StepsContext {
  readonly clientTitle: string;
  readonly idOf: (station: Station) => string | undefined;
}

/** Returns the stations as an ordered list with the same content as the drawing, each hook with its rules. */
export function stepsOf({ trunk, lanes, end, forkedBy }: Picture, context: StepsContext): Markup {
  const length = trunk.filter(({ taken }) => taken !== undefined).length;
  return markup`${listOf(trunk, end, context, 1)}
${forkedBy !== undefined && markup`<p class="fork">${forkText(lanes.length, forkedBy)}</p>`}
${lanes.map(
  lane => markup`<section class="lane"><h4>${laneTitle(lane)}
<span class="share">${laneNote(lane)}</span></h4>
${lane.labels.length > 1 && markup`<p class="labels">${lane.labels.join(', ')}</p>`}
${listOf(lane.rows, lane.end, context, length + 1)}</section>`,
)}`;
}

const forkText = (ways: number, forkedBy: string): string =>
  ways === 1 ? `From here on: ${forkedBy}.` : `From here on there are ${ways} ways: ${forkedBy}.`;

function listOf(rows: readonly Row[], end: End | undefined, context: StepsContext, start: number): Markup {
  const stations = rows.flatMap(({ taken }) => (taken === undefined ? [] : [taken]));
  return markup`<ol class="steps" start="${start}">
${stations.map((station, index) => stepOf(station, index === stations.length - 1 ? end : undefined, context))}</ol>
${missedText(rows)}`;
}

/** Names the places that the drawing has as faint ones. */
function missedText(rows: readonly Row[]): Markup | false {
  const [there, back] = (['there', 'back'] as const).map(way =>
    rows.flatMap(row => (row.way === way ? row.faint : [])).join(', '),
  );
  if (there === '' && back === '') return false;
  return markup`<p class="missed">Not passed: ${there}${there !== '' && back !== '' && '; '}${
    back !== '' && `on the way back ${back}`
  }.</p>`;
}

function stepOf(station: Station, end: End | undefined, { clientTitle, idOf }: StepsContext): Markup {
  const isFailure = end !== undefined && end.verdict !== 'answered';
  const title = station.kind === 'client' ? clientTitle : station.title;
  const head = markup`<span class="what"><span class="step-title ${station.kind}">${title}</span>${
    station.way === 'back' && markup` <span class="way-back">on the way back</span>`
  }
${station.notes.map(note => markup`<span class="note">${note}</span> `)}
${end !== undefined && markup`<strong class="${isFailure ? 'bad' : 'good'}">${outcomeText(end)}</strong> `}</span>
<span class="ends">${endsText(station.leaving)}</span>`;
  const details = detailsOf(station, end?.blame);
  const id = idOf(station);
  const className = isFailure ? 'step failed' : 'step';
  if (details.length === 0) return markup`<li class="${className}"><div id="${id}" class="head">${head}</div></li>`;
  const open = isFailure && markup` open`;
  return markup`<li class="${className}"><details${open}><summary class="head">${head}</summary>
<div class="body" id="${id}">${details}</div></details></li>`;
}
