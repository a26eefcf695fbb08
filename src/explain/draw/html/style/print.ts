/** Paper: everything unfolded, all flows, each from a new page on. */
export const printStyle = `
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
  .columns { display: block }
  .list { margin-top: 1.5rem }
  .head { padding: .3rem 0 }
  .body { padding-bottom: .5rem; padding-left: 1.25rem }
  summary.head, div.head { padding-left: 0 }
  details::details-content { content-visibility: visible; display: block }
  summary.head::before, svg .more { display: none }
  svg.picture { width: auto; max-width: 100%; max-height: 21cm }
  svg.wide { display: block }
  svg.narrow { display: none }
}
`;
