/** How a drawn map looks: paper and ink, one accent; light, dark and printed. */
export const STYLE = `
.map { --paper: #fbfaf7; --panel: #f4f1ea; --white: #fff; --ink: #1c1b19; --soft: #6b6860; --hair: #cfcabe; --own: #0b5cad; --bad: #b8500c; --good: #1a7f5a; }
@media (prefers-color-scheme: dark) { .map { --paper: #1b1a18; --panel: #252421; --white: #201f1c; --ink: #eeebe3; --soft: #a8a49a; --hair: #4a4842; --own: #7db7f0; --bad: #f0a06a; --good: #6fcfa5; } }
@media (forced-colors: active) { .map { --paper: Canvas; --panel: Canvas; --white: Canvas; --ink: CanvasText; --soft: CanvasText; --hair: CanvasText; --own: LinkText; --bad: CanvasText; --good: CanvasText; } }
@media print { .map { --paper: #fff; --panel: #fff; --white: #fff; --ink: #000; --soft: #444; --hair: #777; --own: #000; --bad: #000; --good: #000; } }
.map text { fill: var(--ink); font: 13px system-ui, "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", sans-serif; }
.map .lane { fill: var(--soft); font-size: 12px; }
.map .title { font-weight: 600; }
.map .mono { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace; }
.map .small { fill: var(--soft); font-size: 11px; }
.map text.soft { fill: var(--soft); }
.map text.bad { fill: var(--bad); }
.map text.good { fill: var(--good); }
.map .paper { fill: var(--paper); }
.map .panel { fill: var(--panel); stroke: var(--hair); }
.map .box { fill: var(--white); stroke: var(--hair); }
.map .box.own { stroke: var(--own); stroke-width: 1.5; }
.map .store { fill: var(--panel); stroke: var(--hair); }
.map .store.left { stroke: var(--bad); stroke-dasharray: 4 3; }
.map .join { stroke: var(--hair); fill: none; }
.map .door { fill: var(--own); stroke: none; }
.map .way { stroke: var(--ink); stroke-width: 1.5; fill: none; }
.map .way.own { stroke: var(--own); stroke-width: 2.5; }
.map .way.bad { stroke: var(--bad); }
.map .way.good { stroke: var(--good); }
.map .way.session { stroke-width: 3; }
.map .head { fill: var(--ink); }
.map .head.good { fill: var(--good); }
`;
