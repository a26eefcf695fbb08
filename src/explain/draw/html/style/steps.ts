/** A flow: what its client gets, and the list of steps with the rules. */
export const stepsStyle = `
.panels { margin-top: 3.5rem }
.outcome { display: flex; gap: .6rem; margin-top: .6rem }
.outcome > span:last-child { color: var(--text) }
.outcome strong, .outcome .sign { color: inherit }
.outcome.good strong { color: var(--accent) }
.outcome.bad strong { color: var(--bad) }
.outcome .sign { font-weight: 700 }
.columns { display: flex; flex-direction: column; gap: 2.5rem; margin-top: 2rem }
.drawing, .list { min-width: 0 }
.legend, .hint { color: var(--muted); font-size: .875rem; margin: .25rem 0 1rem }
.key { border: 1.5px solid var(--accent); border-radius: 4px; padding: .05rem .4rem; margin-right: .35rem }
.key.not-passed { border: 1.5px dashed var(--faint) }
.key-changed { color: var(--accent); font-weight: 700; text-decoration: underline; text-underline-offset: 3px }

.steps { list-style: none; padding: 0; border-top: 1px solid var(--line); counter-reset: none }
.step { border-bottom: 1px solid var(--line) }
.step.failed { background: var(--bad-soft) }
.head { padding: .6rem .5rem; display: flex; flex-wrap: wrap; gap: 0 .75rem; align-items: baseline }
.what { flex: 1 1 13rem; min-width: 0 }
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
.candidates { margin: .5rem 0 0; padding-left: 1.1rem; font-size: .9375rem }
.others { margin-top: .75rem; font-size: .9375rem }
.others > summary { cursor: pointer; color: var(--muted) }
.fork { margin: 1.5rem 0 0; font-weight: 550 }
.lane { margin-top: 1.25rem }
.lane h4 { margin-bottom: .5rem }
.share, .labels, .missed { font-weight: 400; color: var(--muted); font-size: .9375rem }
.missed { margin-top: .5rem }
@media (min-width: 64rem) {
  body { padding: 4rem 2.5rem 6rem }
  .columns { flex-direction: row; flex-wrap: wrap; gap: 3.5rem }
  .drawing { flex: 0 0 24rem }
  .forked .drawing { flex: none; max-width: 100% }
  .list { flex: 1 1 22rem }
  svg.wide { display: block; width: auto; max-width: none }
  svg.narrow { display: none }
}
`;
