/** A story as one page of HTML: no script, nothing from elsewhere, made to be printed as well. */

import type { About } from '../lab/about.ts';
import { markup as escaped } from '../map/markup.ts';
import { svgOf } from '../map/svg.ts';
import { STYLE as MAP_STYLE } from '../map/svg-style.ts';
import { MARKS } from '../outcome.ts';
import type { Story, StoryStep } from './envelope.ts';
import { inlineHtml, proseHtml } from './prose-html.ts';
import { STYLE } from './story-style.ts';
import { isTold, OUTCOMES, type StoryWords } from './story-words.ts';

export function storyHtml(story: Story, about: About, words: StoryWords): string {
  return page(about.title, words.language, [
    headHtml(story, about, words),
    contentsHtml(story, words),
    ...story.steps.filter(isTold).map((step) => stepHtml(step, story.steps.length, words)),
    element(
      'footer',
      '',
      `<h2>${say(words, 'report-clean-up')}</h2>${proseHtml(words.cleanUp(story))}${readOnHtml(about, words)}`,
    ),
  ]);
}

/** A row a run, each with its page beside this one. */
export function indexHtml(
  rows: readonly { file: string; story: Story }[],
  about: About,
  words: StoryWords,
): string {
  const heads = words.indexHeads().map((head) => `<th>${escaped(head)}</th>`);
  const body = rows.map(({ file, story }) => {
    const marks = story.steps.map((step) => markHtml(step, words)).join('');
    const name = `<a href="${escaped(encodeURIComponent(file))}">${escaped(story.run)}</a>`;
    return `<tr><td>${name}</td><td>${escaped(words.when(story))}</td><td><span class="marks">${marks}</span> ${escaped(words.tally(story).join(' · '))}</td></tr>`;
  });
  const table = `<table><thead><tr>${heads.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
  return page(about.title, words.language, [`<header><h1>${escaped(about.title)}</h1></header>`, table]);
}

function page(title: string, language: string, parts: readonly string[]): string {
  return `<!DOCTYPE html>
<html lang="${language === 'zh' ? 'zh-Hans' : escaped(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>
${STYLE}${MAP_STYLE}</style>
</head>
<body>
<main>
${parts.join('\n')}
</main>
</body>
</html>
`;
}

function headHtml(story: Story, { title, source }: About, words: StoryWords): string {
  const rows = words.machine(story).map(([what, is]) => `<dt>${escaped(what)}</dt><dd>${escaped(is)}</dd>`);
  const foreword = words.foreword(story);
  return element(
    'header',
    '',
    [
      `<h1>${escaped(title)}</h1>`,
      source === '' ? '' : proseHtml(source),
      `<p class="tally">${escaped(words.tally(story).join(' · '))}</p>`,
      `<dl class="machine">${rows.join('')}</dl>`,
      foreword === '' ? '' : `<p class="soft">${escaped(foreword)}</p>`,
    ].join('\n'),
  );
}

function contentsHtml({ steps }: Story, words: StoryWords): string {
  const rows = steps.map((step) => {
    const took = step.outcome === null || !step.durationMs ? '' : words.took(step.durationMs);
    const title = isTold(step)
      ? `<a href="#${escaped(step.id)}">${escaped(step.title)}</a>`
      : escaped(step.title);
    return `<li>${markHtml(step, words)} ${title} <span class="soft">${escaped(took)}</span></li>`;
  });
  return `<nav aria-label="${say(words, 'report-contents')}"><ol>${rows.join('\n')}</ol></nav>`;
}

/** Told apart by its shape, and by its word to who cannot see it. */
function markHtml(step: StoryStep, words: StoryWords): string {
  const mark = step.outcome === null ? '·' : MARKS[step.outcome];
  return `<span class="mark ${step.outcome ?? 'open'}" role="img" aria-label="${escaped(words.outcome(step))}">${mark}</span>`;
}

function stepHtml(step: StoryStep, of: number, words: StoryWords): string {
  const { id, number, title, reason } = step;
  const kicker = [words.say('report-kicker', { number, of }), ...words.details(step)];
  const told = toldHtml(step, words);
  const head = `<p class="kicker">${markHtml(step, words)} ${escaped(kicker.join(' · '))}</p><h2>${escaped(title)}</h2>`;
  const why = reason === null ? '' : `<p class="reason">${inlineHtml(reason)}</p>`;
  return `<section class="step" id="${escaped(id)}">\n${head}\n${why}\n${told}\n</section>`;
}

function toldHtml(step: StoryStep, words: StoryWords): string {
  const { intro, byHand, commands, checks, question, explanation, map, thenAndNow } = step;
  return [
    proseHtml(intro),
    ...commands.map((command) => commandHtml(command, byHand, words)),
    checks.length > 0
      ? `<ul class="checks">${checks.map((check) => checkHtml(check, words)).join('\n')}</ul>`
      : '',
    question ? questionHtml(question, words) : '',
    explanation === null ? '' : proseHtml(explanation),
    map === null
      ? ''
      : `<div class="picture">${svgOf(words.scene(map), words.language, { id: `map-${step.id}`, styled: false })}</div>`,
    thenAndNow === null
      ? ''
      : `<div class="then"><h3>${say(words, 'then-and-now')}</h3>${proseHtml(thenAndNow)}</div>`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function commandHtml(
  { article, here, added, ran }: StoryStep['commands'][number],
  byHand: boolean,
  words: StoryWords,
): string {
  const line = (key: 'article' | 'here', text: string) =>
    `<div class="line ${key}"><span class="label">${escaped(words.labelOf(key, byHand, ran))}</span><code>${escaped(text)}</code></div>`;
  const output = (ran?.lines ?? []).map((each) => {
    if ('folded' in each)
      return `<span class="soft">  ⋮ ${say(words, 'more-lines', { count: each.folded })}</span>`;
    return each.said
      ? `<mark>${escaped(each.text)}</mark> <span class="look">◀ ${inlineHtml(each.said)}</span>`
      : escaped(each.text);
  });
  const reasons = added.map(
    ({ fragment, reason }) =>
      `<li>${fragment === null ? '' : `<code>${escaped(fragment)}</code> `}${inlineHtml(reason)}</li>`,
  );
  const took = ran ? words.ended(ran) : byHand ? '' : words.say('report-not-run');
  return element(
    'div',
    'command',
    [
      article === null ? '' : line('article', article),
      article === here ? '' : line('here', here),
      reasons.length > 0 ? `<ul class="added">${reasons.join('')}</ul>` : '',
      output.length > 0 ? `<pre>${output.join('\n')}</pre>` : '',
      took === '' ? '' : `<p class="took">${escaped(took)}</p>`,
    ].join(''),
  );
}

function checkHtml(check: StoryStep['checks'][number], words: StoryWords): string {
  const { outcome, title, observed, note, expected, why, goOn, evidence } = check;
  const mark = `<span class="mark ${outcome}" role="img" aria-label="${say(words, OUTCOMES[outcome])}">${MARKS[outcome]}</span>`;
  const head = `${mark} <span class="title">${inlineHtml(title)}</span> <span class="soft">${inlineHtml(observed)}</span>`;
  const seeIt: [string, string] = [say(words, 'see-it'), evidence && `<code>${escaped(evidence)}</code>`];
  const rows: [string, string | null][] =
    outcome === 'met'
      ? [seeIt]
      : [
          [say(words, 'expected'), inlineHtml(expected)],
          [say(words, 'why'), why && inlineHtml(why)],
          seeIt,
          [say(words, 'go-on'), goOn && inlineHtml(goOn)],
        ];
  const list = rows.flatMap(([label, text]) => (text ? [`<dt>${label}</dt><dd>${text}</dd>`] : []));
  const reasons = list.length > 0 ? `<dl>${list.join('')}</dl>` : '';
  return `<li>${head}${note ? `<p class="note">${inlineHtml(note)}</p>` : ''}${reasons}</li>`;
}

function questionHtml(question: NonNullable<StoryStep['question']>, words: StoryWords): string {
  const options = question.options.map((option, at) => {
    const remarks = words.remarks(question, at).map((each) => `<span class="said">${escaped(each)}</span>`);
    return `<li>${inlineHtml(option)} ${remarks.join(' ')}</li>`;
  });
  return element(
    'div',
    'question',
    `${proseHtml(question.question)}<ul>${options.join('')}</ul>${proseHtml(question.because)}`,
  );
}

function readOnHtml({ readOn }: About, words: StoryWords): string {
  return readOn === '' ? '' : `<h2>${say(words, 'report-read-on')}</h2>${proseHtml(readOn)}`;
}

function element(name: string, kind: string, inner: string): string {
  return `<${name}${kind === '' ? '' : ` class="${kind}"`}>${inner}</${name}>`;
}

function say(words: StoryWords, ...what: Parameters<StoryWords['say']>): string {
  return escaped(words.say(...what));
}
