/** The clients to choose from: rows on a wide screen, stacked on a narrow one. */
export const matrixStyle = `
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
  .flow {
    grid-template-columns: auto minmax(12rem, 1.1fr) minmax(10rem, .9fr) minmax(20rem, 1.6fr); align-items: baseline;
  }
  .flow input { grid-row: 1; margin: 0; align-self: start; margin-top: .2rem }
  .flow > span { grid-column: auto }
}
`;
