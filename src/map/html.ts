/** A scene as a page of its own: one file that loads nothing. */
import type { Language } from '../lab/languages.ts';
import { listOf } from './listed.ts';
import { markup } from './markup.ts';
import type { Scene } from './scene.ts';
import { svgOf } from './svg.ts';

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 2rem auto; max-width: 62rem; padding: 0 1rem; background: #fbfaf7; color: #1c1b19; font: 16px/1.6 system-ui, "Noto Sans CJK SC", "PingFang SC", sans-serif; }
svg { max-width: 100%; height: auto; }
pre { overflow-x: auto; font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
@media (prefers-color-scheme: dark) { body { background: #1b1a18; color: #eeebe3; } }
@media print { body { background: #fff; color: #000; } }
`;

export function htmlOf(scene: Scene, language: Language): string {
  const listed = listOf(scene, { columns: 100, paint: (_, text) => text, bare: true });
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>pglab · ${markup(scene.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${markup(scene.title)}</h1>
${svgOf(scene, language)}
<pre>${markup(listed.join('\n'))}</pre>
</main>
</body>
</html>
`;
}
