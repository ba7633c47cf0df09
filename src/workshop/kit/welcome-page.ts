/** The page for participants: what will happen, what leaves their machine, how to join. It holds no code and loads nothing. */
import type { MessageKey } from '../../content-keys.ts';
import { Content } from '../../lab/content.ts';
import { LANGUAGES, type Language } from '../../lab/languages.ts';
import { visible } from '../../visible.ts';

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 2rem auto; max-width: 42rem; padding: 0 1rem; background: #fbfaf7; color: #1c1b19; font: 17px/1.6 system-ui, "Noto Sans CJK SC", "PingFang SC", sans-serif; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
code { font: 0.9em ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; background: #8882; padding: 0 .25em; border-radius: .2em; }
@media (prefers-color-scheme: dark) { body { background: #1b1a18; color: #eeebe3; } }
`;

const PARTS = [
  ['welcome-join', ['welcome-line', 'welcome-line-where', 'welcome-windows']],
  ['welcome-then', ['welcome-next', 'welcome-hand', 'welcome-offline']],
  ['welcome-sent', ['welcome-sent-what', 'welcome-sent-not', 'welcome-sent-see']],
  ['welcome-trouble', ['welcome-trouble-network', 'welcome-trouble-node', 'welcome-trouble-stick']],
] as const satisfies readonly (readonly [MessageKey, readonly MessageKey[]])[];

/** `accept`: the header `Accept-Language`. */
export function welcomePage(accept: string | undefined): string {
  const language = languageAsked(accept);
  const content = new Content(language, '');
  const say = (key: MessageKey) => prose(content.say('messages', key));
  const parts = PARTS.map(
    ([title, texts]) => `<h2>${say(title)}</h2>\n${texts.map((key) => `<p>${say(key)}</p>`).join('\n')}`,
  );
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>pglab</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${say('welcome-title')}</h1>
<p>${say('welcome-about')}</p>
${parts.join('\n')}
</main>
</body>
</html>
`;
}

/** The first language that is asked for and there is: browsers put the dearest first. */
function languageAsked(accept = ''): Language {
  const asked = accept.slice(0, 200).split(',');
  const known = asked.map((each) =>
    LANGUAGES.find((language) => each.trim().toLowerCase().startsWith(language)),
  );
  return known.find((each) => each !== undefined) ?? LANGUAGES[0];
}

/** A text of ours with its marks of code. */
function prose(text: string): string {
  const safe = visible(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return safe.replace(/`([^`]+)`/g, '<code>$1</code>');
}
