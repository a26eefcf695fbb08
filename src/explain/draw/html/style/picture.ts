/** The drawings. What the packet does not pass is dashed, so that color is not needed to see it. */
export const pictureStyle = `
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
svg text.t-changed {
  font: 700 12px var(--fixed); fill: var(--accent); text-decoration: underline; text-underline-offset: 3px;
}
svg text.t-caption { fill: var(--muted); font-style: italic }
svg .more { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
svg a { cursor: pointer; text-decoration: none }
svg a:hover .box { fill: var(--accent-soft) }
svg a:hover .box.failed { fill: var(--page) }
svg a:focus-visible { outline: none }
svg a:focus-visible .box { stroke-width: 4 }
`;
