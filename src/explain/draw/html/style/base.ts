/** Colors of both schemes, type, and what is outside of the flows. Print is always light. */
export const baseStyle = `
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

.cause {
  border-left: 4px solid var(--bad); background: var(--bad-soft); padding: 1.25rem 1.25rem 1.1rem;
  border-radius: 0 8px 8px 0;
}
.cause h2 { margin-bottom: .5rem }
.cause .sign { color: var(--bad) }
.cause p { max-width: 46rem }
.cause .near { margin-top: .25rem }
.cause .fix { margin-top: 1rem; font-weight: 600 }
.cause pre {
  margin: .5rem 0 1rem; padding: .75rem 1rem; background: var(--page); border: 1px solid var(--line);
  border-radius: 6px; white-space: pre-wrap; user-select: all; line-height: 1.6;
}
.cause pre code { font-size: .9375rem }
.concerned { color: var(--muted); font-size: .9375rem }

footer { margin-top: 4rem; color: var(--muted); font-size: .875rem }
`;
