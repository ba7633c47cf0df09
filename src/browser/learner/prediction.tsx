/** The question before the step: clicked, or left out; what was right is told once the step is met. */
import type { Act, PagePrediction } from '../../page/page-view.ts';
import { Digit, Inline, Prose } from './prose.tsx';
import type { Say } from './say.ts';

export function Prediction({
  prediction,
  say,
  act,
}: {
  prediction: PagePrediction;
  say: Say;
  act: (what: Act) => void;
}) {
  const { questionHtml, optionsHtml, isOpen, said, right, becauseHtml } = prediction;
  return (
    <section class="prediction" aria-label={say('question')}>
      <Prose html={questionHtml} />
      <ul>
        {optionsHtml.map((html, at) => (
          <li key={at} class={at === said ? 'said' : ''}>
            {isOpen ? (
              <button
                type="button"
                class="option"
                aria-keyshortcuts={String(at + 1)}
                onClick={() => act({ type: 'predict', choice: at })}
              >
                <Digit of={at} />
                <Inline html={html} />
              </button>
            ) : (
              <span>
                <Inline html={html} />
                {at === said && <span class="mark">{say('you-said')}</span>}
                {at === right && <span class="mark right">{say('right')}</span>}
              </span>
            )}
          </li>
        ))}
      </ul>
      {isOpen && (
        <button type="button" class="plain" onClick={() => act({ type: 'predict', choice: null })}>
          {say('skip-question')}
        </button>
      )}
      {becauseHtml && <Prose html={becauseHtml} />}
    </section>
  );
}
