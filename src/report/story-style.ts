/** How a report looks: paper and ink, light and dark, on a screen and on A4 or Letter. One literal. */
export const STYLE = `:root {
  --paper: #fbfaf7; --ink: #1c1b19; --soft: #6b6860; --line: #e3dfd6; --panel: #ffffff;
  --accent: #0b5cad; --met: #1a7f5a; --not: #b8500c; --look: #fff3d6;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'Noto Sans Mono', Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #1b1a18; --ink: #e9e6df; --soft: #a6a197; --line: #3a3833; --panel: #242320;
    --accent: #7db7f0; --met: #6fcfa5; --not: #f0a060; --look: #43391f;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); }
body {
  margin: 0; font: 16px/1.6 system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Noto Sans CJK SC',
    'Source Han Sans SC', 'Microsoft YaHei', sans-serif;
}
main { max-width: 46rem; margin: 0 auto; padding: 3rem 1.25rem 5rem; }
p, li, dd { max-width: 62ch; }
:lang(zh) p, :lang(zh) li, :lang(zh) dd { max-width: 36em; line-break: strict; }
:lang(zh) em { font-style: normal; font-weight: 600; }
h1, h2, h3 { line-height: 1.25; font-weight: 600; text-wrap: balance; }
h1 { font-size: 2rem; margin: 0 0 0.5rem; }
h2 { font-size: 1.4rem; margin: 0.2rem 0 0.8rem; }
h3 { font-size: 1rem; margin: 0 0 0.3rem; }
a { color: var(--accent); }
code, pre { font-family: var(--mono); font-size: 0.875em; }
.word { white-space: nowrap; }
.soft, .took, .kicker { color: var(--soft); }
.kicker { margin: 0; font-size: 0.875rem; }
.tally { font-weight: 600; }
.mark { font-weight: 600; }
.met { color: var(--met); }
.not-met { color: var(--not); }
.unknown, .skipped, .open { color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: 0.4rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.machine { font-size: 0.875rem; }
nav { border-block: 1px solid var(--line); margin: 2rem 0; padding: 0.6rem 0; }
nav ol { margin: 0; padding-left: 2rem; columns: 2; column-gap: 2rem; }
nav li { break-inside: avoid; }
.step { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: 1.5rem; }
nav + .step { border-top: 0; }
.command { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; margin: 1rem 0; padding: 0.7rem 0.9rem; }
.line { display: grid; grid-template-columns: 4.5rem 1fr; gap: 0.5rem; }
.line code { white-space: pre-wrap; overflow-wrap: anywhere; }
.label { color: var(--soft); font-size: 0.875rem; }
.here code { font-weight: 600; }
.added { margin: 0.3rem 0 0.3rem 5rem; padding: 0; list-style: '+ '; font-size: 0.875rem; color: var(--soft); }
.added code { color: var(--accent); }
pre { margin: 0.6rem 0 0; padding-top: 0.6rem; border-top: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; }
mark { background: var(--look); color: inherit; }
.look { color: var(--accent); font-family: system-ui, sans-serif; white-space: normal; }
p.took { text-align: right; margin: 0.3rem 0 0; font-size: 0.8rem; max-width: none; }
.checks { list-style: none; padding: 0; margin: 1rem 0; }
.checks li { padding: 0.15rem 0 0.15rem 1.4rem; text-indent: -1.4rem; }
.checks li > * { text-indent: 0; }
.checks .title { font-weight: 600; margin-right: 0.5rem; }
.checks dl { margin-left: 0; font-size: 0.9rem; }
.note { margin: 0; color: var(--not); font-size: 0.9rem; }
.question { border-left: 3px solid var(--line); padding-left: 1rem; margin: 1.2rem 0; }
.question ul { padding-left: 1.2rem; }
.said { color: var(--accent); font-size: 0.85rem; margin-left: 0.4rem; white-space: nowrap; }
.picture { margin: 1.2rem 0; overflow-x: auto; }
.picture svg { max-width: 100%; height: auto; display: block; }
.then { border: 1px dashed var(--line); padding: 0.8rem 1rem; margin: 1.2rem 0; }
.then p { margin: 0.3rem 0 0; }
footer { border-top: 1px solid var(--line); margin-top: 3rem; padding-top: 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 0.4rem 0.8rem 0.4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.marks { letter-spacing: 0.15em; white-space: nowrap; }
@media (max-width: 34rem) {
  nav ol { columns: 1; }
  .line { grid-template-columns: 1fr; gap: 0; }
  .added { margin-left: 1rem; }
}
@page { margin: 18mm 16mm; }
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #555; --line: #bbb; --panel: #fff; --accent: #000; --met: #000; --not: #000; --look: #eee; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  h2, h3, .kicker { break-after: avoid; }
  .command, .line, .checks li, .question, .then, .picture, footer { break-inside: avoid; }
  pre { orphans: 4; widows: 4; }
  a { color: inherit; text-decoration: none; }
}
`;
