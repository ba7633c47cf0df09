/** The learner's page: it keeps the parts that the server sent, and draws them anew when one has changed. */
import { render } from 'preact';
import type { Act, PageView } from '../../page/page-view.ts';
import { Connection } from '../connection.ts';
import { copyBlock } from './copying.ts';
import { Focus, type News } from './focus.ts';
import { newsSince } from './heard.ts';
import { Page } from './page.tsx';

/** On a dead network a browser would wait for minutes. */
const ANSWERED_WITHIN_MS = 10_000;
const KEPT_LANGUAGE = 'pglab-language';

let view: PageView | null = null;
let isLive = true;
const narrow = window.matchMedia('(max-width: 40rem)');
let failure: string | null = null;
/** What a screen reader is told: what has just been met, or found. */
let announced = '';

const root = document.getElementById('page') as HTMLElement;
const focus = new Focus(root);
const live = new Connection((now) => {
  isLive = now;
  draw();
});
live.on('parts', (parts) => {
  const before = view;
  view = { ...before, ...(parts as PageView) };
  announced = newsSince(before, view, textOf) ?? announced;
  document.documentElement.lang = view.head.language;
  document.title = titleOf(view);
  const news = focusNews(before, view);
  // It was about what is gone.
  if (news === 'step') failure = null;
  draw(news);
});
narrow.addEventListener('change', () => draw());
root.addEventListener('click', (event) => {
  if (view) copyBlock(event, { copy: view.words.copy ?? '', copied: view.words.copied ?? '' });
});
live.open(`/live?lang=${encodeURIComponent(languageKept())}`);
draw();

function draw(news: News = null): void {
  const page = <Page {...{ view, isLive, isNarrow: narrow.matches, failure, announced, act, choose }} />;
  focus.keep(() => render(page, root), news);
}

function focusNews(before: PageView | null, now: PageView): News {
  if (before === null) return null;
  if (before.step?.id !== now.step?.id) return 'step';
  return before.told === null && now.told !== null ? 'told' : null;
}

/** Asks the server to do something; what comes of it comes with the next parts. */
async function act(what: Act): Promise<void> {
  // What is shown may be old: who presses a button there does not mean what is so by now.
  failure = isLive ? null : (view?.words['not-answered'] ?? null);
  draw();
  if (!isLive) return;
  try {
    const answer = await fetch('/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...what, step: view?.step?.id ?? null }),
      signal: AbortSignal.timeout(ANSWERED_WITHIN_MS),
    });
    if (!answer.ok) failure = view?.words['not-now'] ?? null;
  } catch {
    failure = view?.words['not-answered'] ?? null;
  }
  draw();
}

function choose(language: string): void {
  localStorage.setItem(KEPT_LANGUAGE, language);
  live.open(`/live?lang=${encodeURIComponent(language)}`);
}

/** Empty: as pglab has it. */
function languageKept(): string {
  return localStorage.getItem(KEPT_LANGUAGE) ?? '';
}

function titleOf({ step, head }: PageView): string {
  return step === null ? `${head.lab} · pglab` : `${step.number}/${step.of} ${step.title} · pglab`;
}

function textOf(html: string): string {
  return new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '';
}
