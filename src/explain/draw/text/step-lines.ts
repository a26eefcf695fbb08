import { addressAndPort } from '../../../net/address.js';
import type { Paint } from '../../../output/paint.js';
import { indent, wrapped } from '../../../output/wrap.js';
import type { BackendChoice, IpvsStep, Step, TableStep } from '../../trace/trace.js';
import { changesOf, resultText } from '../table-words.js';
import { endsText, placeText } from '../words.js';
import { ruleLines } from './rule-lines.js';
import { beside, colored, labeled, labelWidth, type Style } from './style.js';

type OtherStep = Exclude<Step, TableStep>;
type Drawers = {
  readonly [Kind in OtherStep['kind']]: (step: Extract<OtherStep, { kind: Kind }>, style: Style) => readonly string[];
};

/** So many real servers are listed, except in a detailed drawing. */
const mostCandidates = 12;

const deliveryLabels = { backend: 'backend', 'this node': 'process', client: 'client', elsewhere: 'leaves' } as const;

const drawers: Drawers = {
  arrival: ({ way, text, ends }, style) =>
    way === 'there' ? labeled('packet', text, style) : labeled('answer', `${endsText(ends)}, ${text}`, style),
  routing: ({ text }, style) => labeled('routing', text, style),
  ipvs: (step, style) => [
    ...labeled('IPVS', endsText(step.before), style),
    ...(step.does === 'restores'
      ? colored(`=> ${step.text}`, indent(labelWidth, 3), style, 'cyan')
      : beside(step.text, style)),
    ...serverLines(step, style),
  ],
  conntrack: ({ before, text }, style) => [
    ...labeled('conntrack', endsText(before), style),
    ...colored(`=> ${text}`, indent(labelWidth, 3), style, 'cyan'),
  ],
  delivery: ({ to, text }, style) => labeled(deliveryLabels[to], text, style),
};

/** Returns the lines of a step that is no table. */
export const stepLines = (step: OtherStep, style: Style): readonly string[] =>
  (drawers[step.kind] as (step: OtherStep, style: Style) => readonly string[])(step, style);

/** How long a client keeps its real server, and the real servers. Of many, the first ones. */
function serverLines({ persistenceSeconds, candidates }: IpvsStep, style: Style): readonly string[] {
  const shown = style.isDetailed ? candidates : candidates.slice(0, mostCandidates);
  const more = candidates.length - shown.length;
  const widest = Math.max(0, ...shown.map(candidate => nameOf(candidate).length));
  return [
    ...(persistenceSeconds === undefined
      ? []
      : beside(`a client keeps its backend for ${persistenceSeconds} s`, style)),
    ...shown.flatMap(candidate => {
      const first = `${' '.repeat(labelWidth)}${nameOf(candidate).padEnd(widest)}  `;
      return wrapped(candidateText(candidate), { first, rest: ' '.repeat(labelWidth + 2) }, style.width);
    }),
    ...(more > 0 ? beside(`and ${more} more`, style) : []),
  ];
}

const nameOf = ({ address, port }: BackendChoice): string => addressAndPort(address, port);

const candidateText = ({ weight, place }: BackendChoice): string =>
  [`weight ${weight}`, ...(weight > 0 ? [] : ['gets no new connections']), placeText(place)].join(', ');

/** Returns the lines of a hook: its tables with the rules that matched. All tables are of one hook. */
export function hookLines(tables: readonly TableStep[], style: Style): readonly string[] {
  const [first] = tables;
  if (first === undefined) return [];
  return [...labeled(first.hook, endsText(first.before), style), ...tables.flatMap(table => tableLines(table, style))];
}

const resultColors: Readonly<Partial<Record<TableStep['result'], keyof Paint>>> = {
  drop: 'red',
  reject: 'red',
  uncertain: 'yellow',
};

function tableLines(table: TableStep, style: Style): readonly string[] {
  const shown = table.rules.filter(({ matched }) => style.isDetailed || matched !== 'no');
  const none = shown.some(({ matched }) => matched !== 'no') ? [] : ['no rule matches'];
  const changes = changesOf(table).map(change => ` => ${change}`);
  const text = table.note ?? [...none, resultText(table)].join(', ') + changes.join('');
  const margins = { first: `  ${table.table.padEnd(labelWidth - 2)}`, rest: ' '.repeat(labelWidth) };
  const color = changes.length > 0 ? 'cyan' : resultColors[table.result];
  const heading = wrapped(text, margins, style.width).map(line =>
    color === undefined ? line : style.paint[color](line),
  );
  return [...heading, ...shown.flatMap(rule => ruleLines(rule, style))];
}
