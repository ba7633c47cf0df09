/** The line on top: which lab, how far, in which language, and whether what is shown is what is so. */
import type { Act, PageHead, PageWorkshop } from '../../page/page-view.ts';
import type { Say } from './say.ts';

interface Props {
  head: PageHead;
  workshop: PageWorkshop | null;
  isLive: boolean;
  /** The engine does not answer. */
  isSilent: boolean;
  say: Say;
  act: (what: Act) => void;
  choose: (language: string) => void;
}

export function Head({ head, workshop, isLive, isSilent, say, act, choose }: Props) {
  const now = head.steps.find(({ state }) => state === 'now')?.number ?? head.steps.length;
  return (
    <header class="head">
      <strong class="name">pglab</strong>
      <span class="lab">{head.lab}</span>
      <span class={isLive && !isSilent ? 'live' : 'live lost'}>
        {say(!isLive ? 'not-live' : isSilent ? 'silent' : 'live')}
      </span>
      <span class="space" />
      {workshop && (
        <button
          type="button"
          aria-pressed={workshop.hand !== 'down'}
          onClick={() => act({ type: 'hand', up: workshop.hand === 'down' })}
        >
          {say(`hand-${workshop.hand}`)}
        </button>
      )}
      <ol class="dots" aria-label={say('progress', { number: now, of: head.steps.length })}>
        {head.steps.map(({ id, number, title, state }) => (
          <li
            key={id}
            class={state}
            title={`${number} ${title}`}
            aria-current={state === 'now' ? 'step' : undefined}
          >
            <span class="heard-only">
              {say('named', { what: `${number} ${title}`, is: say(`step-${state}`) })}
            </span>
          </li>
        ))}
      </ol>
      <span class="count">
        {now} / {head.steps.length}
      </span>
      <nav class="languages" aria-label={say('language')}>
        {head.languages.map(({ code, name }) => (
          <button
            key={code}
            type="button"
            lang={code}
            aria-pressed={code === head.language}
            onClick={() => choose(code)}
          >
            {name}
          </button>
        ))}
      </nav>
    </header>
  );
}
