/** What a learner may ask for: a hint, the commands, that pglab runs it, to begin anew; and what came of it. */
import type { Act, ActType, PageHints, PageQuestion, PageRun, PageView } from '../../page/page-view.ts';
import { Copy } from './commands.tsx';
import { Digit, Prose } from './prose.tsx';
import type { Say, Word } from './say.ts';

/** In the order of their buttons; the first one that is there is the one that stands out. */
const BUTTONS = ['next', 'typed', 'hint', 'show', 'run', 'anew'] as const satisfies readonly ActType[];

export function Acts({ view, say, act }: { view: PageView; say: Say; act: (what: Act) => void }) {
  const { acts, hints, told } = view;
  // Below what a met step tells, going on has its place already.
  const shown = BUTTONS.filter((type) => acts.includes(type) && !(type === 'next' && told));
  if (shown.length === 0) return null;
  const level = Math.min(hints.given.length + 1, hints.of);
  return (
    <div class="acts">
      {shown.map((type, at) => (
        <button
          key={type}
          type="button"
          class={at === 0 ? 'primary' : ''}
          data-act={type}
          onClick={() => act({ type })}
        >
          {type === 'hint' ? say('hint', { level, of: hints.of }) : say(wordFor(type, view))}
        </button>
      ))}
    </div>
  );
}

/** After trouble, to go on is to try again. */
function wordFor(type: Exclude<(typeof BUTTONS)[number], 'hint'>, { trouble }: PageView): Word {
  return type === 'next' && trouble !== null ? 'act-again' : `act-${type}`;
}

export function Hints({ hints: { given, of }, say }: { hints: PageHints; say: Say }) {
  if (given.length === 0) return null;
  return (
    <section class="hints" aria-label={say('hints')}>
      {given.map(({ level, html }, at) => (
        <div key={at}>
          <h2>{say('hint', { level, of })}</h2>
          <Prose html={html} />
        </div>
      ))}
    </section>
  );
}

/** A question of pglab's own. */
export function Question({
  question: { id, text, options },
  say,
  act,
}: {
  question: PageQuestion;
  say: Say;
  act: (what: Act) => void;
}) {
  return (
    <section class="prediction" role="alert">
      <p>{text}</p>
      <ul>
        {options.map((option, at) => (
          <li key={option}>
            <button
              type="button"
              class="option"
              aria-keyshortcuts={String(at + 1)}
              onClick={() => act({ type: 'answer', question: id, choice: at })}
            >
              <Digit of={at} />
              <span>{option}</span>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="plain" onClick={() => act({ type: 'answer', question: id, choice: null })}>
        {say('skip-question')}
      </button>
    </section>
  );
}

export function Ran({ ran, say }: { ran: readonly PageRun[]; say: Say }) {
  if (ran.length === 0) return null;
  return (
    <section class="ran" aria-label={say('ran')}>
      <h2>{say('ran')}</h2>
      {ran.map(({ command, lines, exitCode }, at) => (
        <div key={at} class="command">
          <Copy text={command} say={say} />
          <p>
            <code>$ {command}</code>
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: What scrolls must be reached by the keyboard. */}
          {lines.join('') !== '' && <pre tabIndex={0}>{lines.join('\n')}</pre>}
          {exitCode !== null && exitCode !== 0 && <p class="label">{say('exit', { exitCode })}</p>}
          {exitCode === null && <p class="label">{say('running')}</p>}
        </div>
      ))}
    </section>
  );
}
