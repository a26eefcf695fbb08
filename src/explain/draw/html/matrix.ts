import { addressAndPort } from '../../../net/address.js';
import { countText } from '../../../text.js';
import type { Flow } from '../../explanation.js';
import type { BackendResult } from '../../trace/summarize.js';
import { clientSource } from '../words.js';
import { type Markup, markup } from './markup.js';
import { flowTargetText, signs } from './words.js';

/** Returns the clients to choose from, one row each, in a group for each address and port of the Service. */
export function matrixOf(flows: readonly Flow[], chosen: number): Markup {
  const numbered = flows.map((flow, index) => ({ flow, index }));
  const targets = [...new Set(flows.map(flowTargetText))];
  const groups = targets.map(target => numbered.filter(({ flow }) => flowTargetText(flow) === target));
  return markup`<div class="matrix" role="radiogroup" aria-labelledby="clients-title">
${groups.map(
  group => markup`<div class="target" role="presentation">${targetHeading(group[0]?.flow as Flow)}
${group.map(({ flow, index }) => rowOf(flow, index, index === chosen))}</div>`,
)}</div>`;
}

const targetHeading = (flow: Flow): Markup => markup`<h3>${flowTargetText(flow)}
<span class="kind">${flow.target.kind}${servicePortText(flow)}</span></h3>`;

const servicePortText = ({ target: { servicePort } }: Flow): string =>
  servicePort === undefined ? '' : ` of ${servicePort}`;

function rowOf(flow: Flow, index: number, isChosen: boolean): Markup {
  const { client, verdict, clientSees } = flow;
  const isGood = verdict === 'answered';
  return markup`<label class="flow"><input type="radio" name="flow" id="choose-${index}" value="${index}"${
    isChosen && markup` checked`
  }>
<span class="client">${client.label} <span class="address">${clientSource(flow)}</span></span>
<span class="verdict ${isGood ? 'good' : 'bad'}"><span aria-hidden="true">${signs[verdict]}</span> ${verdict}${
    !isGood && markup`<span class="sees">: ${clientSees}</span>`
  }</span>
<span class="answers">${backendsOf(flow.backends)}</span></label>`;
}

const mostNamed = 3;

function backendsOf(backends: readonly BackendResult[]): Markup {
  if (backends.length === 0) return markup`<span class="none">reaches no backend</span>`;
  const more = backends.length - mostNamed;
  return markup`${backends
    .slice(0, mostNamed)
    .map(
      ({ address, port, source, verdict }) =>
        markup`<span class="backend"><b>${addressAndPort(address, port)}</b> ${
          verdict === 'answered' ? '' : `${signs[verdict]} ${verdict}, `
        }${source === undefined ? 'is not reached' : `sees ${source}`}</span> `,
    )}${more > 0 && markup`<span class="backend">and ${countText(more, 'more backend')}</span>`}`;
}
