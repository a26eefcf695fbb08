/** Returns the page's style sheet. Each radio button shows the panel of its flow. */
export const styleFor = (flows: number): string =>
  base +
  `@media screen { @supports selector(:has(a)) {
.panel { display: none }
${Array.from({ length: flows }, (_, index) => `body:has(#choose-${index}:checked) #flow-${index}`).join(',\n')} { display: block }
} }
`;

const base = `
:root {
  --page: #ffffff; --surface: #f5f7f9; --text: #1c2127; --muted: #56606b; --line: #d5dbe1; --faint: #b9c2cb;
  --accent: #1f57c3; --accent-soft: #eaf1fd; --bad: #b3261e; --bad-soft: #fdf0ee;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  --fixed: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --surface: #1c2026; --text: #e6e9ed; --muted: #a3adb8; --line: #343b44; --faint: #4d5661;
    --accent: #8db4ff; --accent-soft: #1c2a44; --bad: #ff9f95; --bad-soft: #331d1c;
  }
}
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding: 1.5rem }
body {
  margin: 0 auto; padding: 2.5rem 1rem 4rem; max-width: 80rem; background: var(--page); color: var(--text);
  font: 1rem/1.55 var(--sans); font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
code, pre, .address, .ends, .backend b, .place, .step-title.hook, .step-title.routing, .step-title.ipvs,
.step-title.conntrack { font-family: var(--fixed); font-size: .875em }
h1, h2, h3, h4, h5, p, ol, pre { margin: 0 }
h1 { font-size: 1.9rem; line-height: 1.2; letter-spacing: -.015em; font-weight: 650 }
h2 { font-size: 1.25rem; line-height: 1.35; letter-spacing: -.005em; font-weight: 650 }
h3 { font-size: 1rem; font-weight: 650 }
h4, h5 { font-size: .9375rem; font-weight: 650 }
a { color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px }
.overline { color: var(--accent); font: 600 .8125rem/1.5 var(--fixed); margin-bottom: .5rem }
.basis { color: var(--muted); margin-top: .35rem }
.summary { margin-top: 1.25rem; font-size: 1.125rem }
main > section { margin-top: 2.5rem }

.cause { border-left: 4px solid var(--bad); background: var(--bad-soft); padding: 1.25rem 1.25rem 1.1rem; border-radius: 0 8px 8px 0 }
.cause h2 { margin-bottom: .5rem }
.cause .sign { color: var(--bad) }
.cause p { max-width: 46rem }
.cause .near { margin-top: .25rem }
.cause .fix { margin-top: 1rem; font-weight: 600 }
.cause pre {
  margin: .5rem 0 1rem; padding: .75rem 1rem; background: var(--page); border: 1px solid var(--line); border-radius: 6px;
  white-space: pre-wrap; user-select: all; line-height: 1.6;
}
.cause pre code { font-size: .9375rem }
.concerned { color: var(--muted); font-size: .9375rem }

.matrix { margin-top: .75rem; display: grid; gap: 1.5rem }
.target h3 { margin-bottom: .35rem; font: 600 .9375rem/1.5 var(--fixed) }
.kind { font: 400 .9375rem/1.5 var(--sans); color: var(--muted) }
.flow {
  display: grid; grid-template-columns: auto 1fr; gap: .1rem .75rem; padding: .7rem .75rem; cursor: pointer;
  border-top: 1px solid var(--line); border-left: 3px solid transparent;
}
.flow:last-child { border-bottom: 1px solid var(--line) }
.flow:hover { background: var(--surface) }
.flow:has(:checked) { background: var(--accent-soft); border-left-color: var(--accent) }
.flow:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: -1px; border-radius: 4px }
.flow input { grid-row: 1 / span 3; width: 1.15rem; height: 1.15rem; margin: .2rem 0 0; accent-color: var(--accent) }
.flow > span { grid-column: 2 }
.client { font-weight: 550 }
.address { color: var(--muted); font-weight: 400 }
.verdict { font-weight: 600 }
.good { color: var(--accent) }
.bad { color: var(--bad) }
.answers { font-size: .9375rem; color: var(--muted); display: grid }
.backend b { font-weight: 400; color: var(--text) }
@media (min-width: 50rem) {
  .flow { grid-template-columns: auto minmax(12rem, 1.1fr) minmax(10rem, .9fr) minmax(20rem, 1.6fr); align-items: baseline }
  .flow input { grid-row: 1; margin: 0; align-self: start; margin-top: .2rem }
  .flow > span { grid-column: auto }
}

.panels { margin-top: 3.5rem }
.outcome { display: flex; gap: .6rem; margin-top: .6rem }
.outcome > span:last-child { color: var(--text) }
.outcome strong, .outcome .sign { color: inherit }
.outcome.good strong { color: var(--accent) }
.outcome.bad strong { color: var(--bad) }
.outcome .sign { font-weight: 700 }
.columns { display: grid; gap: 2.5rem; margin-top: 2rem; grid-template-columns: minmax(0, 1fr) }
.drawing, .list { min-width: 0 }
.legend, .hint { color: var(--muted); font-size: .875rem; margin: .25rem 0 1rem }
.key { border: 1.5px solid var(--accent); border-radius: 4px; padding: .05rem .4rem; margin-right: .35rem }
.key.not-passed { border: 1.5px dashed var(--faint) }
.key-changed { color: var(--accent); font-weight: 700; text-decoration: underline; text-underline-offset: 3px }

svg.picture { display: block; width: 100%; height: auto; max-width: 24rem; overflow: visible }
svg.wide { display: none }
.box { fill: var(--page); stroke: var(--accent); stroke-width: 1.5 }
.box.end { fill: var(--accent-soft); stroke: var(--accent) }
.box.failed { fill: var(--bad-soft); stroke: var(--bad); stroke-width: 2.5 }
.box.faint { stroke: var(--faint); stroke-width: 1.25; stroke-dasharray: 4 4 }
.line { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round }
.line.faint { stroke: var(--faint); stroke-width: 1.25; stroke-dasharray: 3 4 }
.head { fill: var(--accent) }
svg text { fill: var(--text); font: 400 12px var(--sans) }
svg text.t-title { font: 650 13px var(--fixed) }
svg text.t-name, svg text.t-lane { font-weight: 650; font-size: 13px }
svg text.t-outcome { font-weight: 650; fill: var(--accent) }
svg text.t-failed { font-weight: 650; fill: var(--bad) }
svg text.t-faint { font: 400 12px var(--fixed); fill: var(--muted) }
svg text.t-label { font: 400 12px var(--fixed); fill: var(--muted) }
svg text.t-changed { font: 700 12px var(--fixed); fill: var(--accent); text-decoration: underline; text-underline-offset: 3px }
svg text.t-caption { fill: var(--muted); font-style: italic }
svg .more { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
svg a { cursor: pointer; text-decoration: none }
svg a:hover .box { fill: var(--accent-soft) }
svg a:hover .box.failed { fill: var(--page) }
svg a:focus-visible { outline: none }
svg a:focus-visible .box { stroke-width: 4 }

.steps { list-style: none; padding: 0; border-top: 1px solid var(--line); counter-reset: none }
.step { border-bottom: 1px solid var(--line) }
.step.failed { background: var(--bad-soft) }
.head { padding: .6rem .5rem; display: grid; grid-template-columns: 1fr; gap: 0 .75rem }
summary.head { cursor: pointer; list-style: none; padding-left: 1.75rem; position: relative }
summary.head::-webkit-details-marker { display: none }
summary.head::before {
  content: ""; position: absolute; left: .6rem; top: 1.1rem; width: .45rem; height: .45rem; border: solid var(--accent);
  border-width: 0 2px 2px 0; transform: rotate(-45deg);
}
details[open] > summary.head::before { transform: rotate(45deg) }
summary.head:hover { background: var(--surface) }
div.head { padding-left: 1.75rem }
.step-title { font-weight: 650 }
.what > .note, .what > strong { display: block }
.note, .ends, .way-back { font-size: .9375rem }
.way-back { color: var(--muted); font-style: italic }
.ends { color: var(--muted); font-size: .8125rem }
.body { padding: .25rem .5rem 1.25rem 1.75rem }
.table + .table { margin-top: 1.25rem }
.result { font-weight: 400; color: var(--muted) }
.rules { list-style: none; padding: 0; margin-top: .5rem; display: grid; gap: .75rem }
.rule { border-left: 2px solid var(--line); padding-left: .75rem; font-size: .9375rem }
.rule.culprit { border-left: 3px solid var(--bad) }
.rule code { display: block }
.rule p code { display: inline }
.rule .place { font-weight: 650 }
.rule p { color: var(--muted) }
.rule p.effect { color: var(--text); font-weight: 550 }
.rule p.why { color: var(--text) }
.d1 { margin-left: .5rem } .d2 { margin-left: 1rem } .d3 { margin-left: 1.5rem } .d4, .d5 { margin-left: 2rem }
.others { margin-top: .75rem; font-size: .9375rem }
.others > summary { cursor: pointer; color: var(--muted) }
.fork { margin: 1.5rem 0 0; font-weight: 550 }
.lane { margin-top: 1.25rem }
.lane h4 { margin-bottom: .5rem }
.share, .labels, .missed { font-weight: 400; color: var(--muted); font-size: .9375rem }
.missed { margin-top: .5rem }
footer { margin-top: 4rem; color: var(--muted); font-size: .875rem }
@media (min-width: 40rem) {
  .head { grid-template-columns: minmax(0, 1fr) auto; align-items: baseline }
  .ends { text-align: right }
}
@media (min-width: 64rem) {
  body { padding: 4rem 2.5rem 6rem }
  .columns { grid-template-columns: 24rem minmax(0, 1fr); gap: 3.5rem }
  .columns.forked { grid-template-columns: auto minmax(0, 1fr) }
  svg.wide { display: block; width: auto; max-width: none }
  svg.narrow { display: none }
}
@media print {
  @page { margin: 14mm }
  html { font-size: 8.5pt }
  body { padding: 0; max-width: none }
  .panels { margin-top: 0 }
  .panel { break-before: page }
  .flow input, .hint { display: none }
  .flow, .flow:has(:checked) {
    grid-template-columns: 1.1fr .9fr 1.6fr; background: none; border-left-color: transparent; padding: .4rem 0;
  }
  .flow > span { grid-column: auto }
  .cause, .step:not(:has(details)), .rule, .flow, svg.picture { break-inside: avoid }
  .drawing h3, .list h3, h2, h4, h5, summary { break-after: avoid }
  .columns, .columns.forked { display: block }
  .list { margin-top: 1.5rem }
  .head { grid-template-columns: minmax(0, 1fr) auto; padding: .3rem 0 }
  .body { padding-bottom: .5rem; padding-left: 1.25rem }
  .ends { text-align: right }
  summary.head, div.head { padding-left: 0 }
  details::details-content { content-visibility: visible; display: block }
  summary.head::before, svg .more { display: none }
  svg.picture { width: auto; max-width: 100%; max-height: 21cm }
  svg.wide { display: block }
  svg.narrow { display: none }
}
`;
