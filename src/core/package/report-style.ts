/**
 * The style of the report in a package: the page stands alone, so that it carries the tokens of
 * `src/web/shared/tokens.css` that it uses. A test holds both to the same values.
 */
export const reportStyle = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f5f6f8, #10161c);
  --surface: light-dark(#ffffff, #18202a);
  --sunken: light-dark(#eceff3, #232d38);
  --ink: light-dark(#17212c, #e9eef3);
  --ink-2: light-dark(#4b5967, #abb8c5);
  --line: light-dark(#dce1e7, #2d3945);
  --edge: light-dark(#768492, #7c8c9d);
  --accent: light-dark(#0b5a94, #7fc2f4);
  --ok: light-dark(#1c6a3e, #82d7a7);
}
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5rem system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; color: var(--ink); background: var(--ground); overflow-wrap: break-word; }
main { display: grid; gap: 1.25rem; max-width: 62rem; margin: 0 auto; padding: 1.5rem 1.5rem 3rem; }
h1, h2, h3, p, ul, dl, dd { margin: 0; padding: 0; }
h1 { font: 700 1.625rem/2.0625rem system-ui, sans-serif; text-wrap: balance; }
h2 { font: 600 1.125rem/1.5rem system-ui, sans-serif; }
h3 { font: 600 1rem/1.5rem system-ui, sans-serif; }
.lead { margin-top: -0.75rem; }
.made { margin-top: -0.75rem; font-size: 0.8125rem; line-height: 1.1875rem; color: var(--ink-2); }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 0.75rem; overflow: hidden; }
.card > h2, summary { padding: 0.75rem 1.25rem; }
summary { cursor: pointer; }
summary h2 { display: inline; }
summary:focus-visible { outline: 3px solid var(--accent); outline-offset: -3px; }
.kind { display: grid; grid-template-columns: minmax(10rem, 14rem) minmax(0, 1fr) minmax(9rem, auto); gap: 0.25rem 1rem; align-items: center; padding: 0.75rem 1.25rem; border-top: 1px solid var(--line); }
.bar { display: block; width: 100%; height: 0.5rem; border-radius: 999px; background: var(--edge); forced-color-adjust: none; }
.bar rect { fill: var(--accent); }
.bar.whole { background: var(--sunken); }
.bar.whole rect { fill: var(--ok); }
ul { display: grid; gap: 0.5rem; padding-left: 1.25rem; font-size: 0.8125rem; line-height: 1.1875rem; }
.kind ul { grid-column: 1 / -1; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr)); gap: 1rem; align-items: start; }
.grid .card { padding-bottom: 1rem; }
.grid ul { padding-right: 1.25rem; padding-left: 2.5rem; }
.words { padding-bottom: 1rem; }
.words h3 { padding: 0.75rem 1.25rem 0; }
.words dl { padding: 0 1.25rem; }
dt { margin-top: 0.5rem; font-weight: 600; }
.table { max-height: 40rem; overflow: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9375rem; }
th, td { padding: 0.375rem 1.25rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
th { font-size: 0.8125rem; color: var(--ink-2); }
@media (max-width: 48rem) {
  main { padding: 1rem; }
  .kind { grid-template-columns: minmax(0, 1fr) auto; }
  .kind h3 { grid-column: 1 / -1; }
}
@media (forced-colors: active) {
  .bar { border: 1px solid CanvasText; }
  .bar rect { fill: Highlight; }
}
@media print {
  :root { color-scheme: light; }
  body { background: none; }
  .card { break-inside: avoid; }
  .table { max-height: none; overflow: visible; }
  details::details-content { display: block; content-visibility: visible; }
}
`;
