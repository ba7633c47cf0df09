/** Commands to type: the article's above today's, what was added in colour, each to be copied. */
import type { PageCommand, PageCommands } from '../../page/page-view.ts';
import { copyBy } from './copying.ts';
import { Inline, Words } from './prose.tsx';
import type { Say } from './say.ts';

export function Commands({ commands: { isToType, lines }, say }: { commands: PageCommands; say: Say }) {
  return (
    <section class="commands" aria-label={say('commands')}>
      {isToType && <p>{say('to-type')}</p>}
      {lines.map((line, at) => (
        <CommandBox key={at} line={line} say={say} />
      ))}
    </section>
  );
}

function CommandBox({ line: { article, here, added }, say }: { line: PageCommand; say: Say }) {
  const text = here.map((part) => part.text).join('');
  return (
    <>
      <div class="command">
        <Copy text={text} say={say} />
        {article !== null && (
          <p>
            <span class="label">{say('article')}</span>
            <code>
              <Words text={article} />
            </code>
          </p>
        )}
        <p>
          {article !== null && <span class="label">{say('today')}</span>}
          <code>
            {here.map(({ isAdded, text: part }, at) => {
              const words = <Words key={at} text={part} />;
              return isAdded ? <ins key={at}>{words}</ins> : words;
            })}
          </code>
        </p>
      </div>
      {added.length > 0 && (
        <ul class="added">
          {added.map(({ fragment, reasonHtml }, at) => (
            <li key={at}>
              {fragment && <code>{fragment}</code>} <Inline html={reasonHtml} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function Copy({ text, say }: { text: string; say: Say }) {
  const words = { copy: say('copy'), copied: say('copied') };
  const copy = ({ currentTarget: button }: { currentTarget: HTMLButtonElement }) =>
    copyBy(button, { text, code: [...(button.parentElement?.querySelectorAll('code') ?? [])].at(-1), words });
  return (
    <button
      type="button"
      class="copy"
      aria-label={say('named', { what: say('copy'), is: text })}
      onClick={copy}
    >
      {say('copy')}
    </button>
  );
}
