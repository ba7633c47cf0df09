/** A row a check; the reason stands under the one that failed. */
import type { PageCheck } from '../../page/page-view.ts';
import { Copy } from './commands.tsx';
import { Prose } from './prose.tsx';
import type { Say } from './say.ts';

const MARKS = { pending: '…', met: '✓', 'not-met': '✗', unknown: '?' } as const;

export function Checks({ checks, say }: { checks: readonly PageCheck[]; say: Say }) {
  if (checks.length === 0) return null;
  const met = checks.filter(({ state }) => state === 'met').length;
  return (
    <section class="checks" aria-label={say('checks')}>
      <ul>
        {checks.map((check) => (
          <Check key={check.id} check={check} say={say} />
        ))}
      </ul>
      <p class="tally">{say('tally', { met, of: checks.length })}</p>
    </section>
  );
}

function Check({ check, say }: { check: PageCheck; say: Say }) {
  const { state, title, isAlready, seen, whyHtml, goOnHtml, evidence } = check;
  return (
    <li class={state}>
      <span class="sign" aria-hidden="true">
        {MARKS[state]}
      </span>
      <span class="heard-only">{say('named', { what: say(`state-${state}`), is: '' })}</span>
      <span class="title">{title}</span>
      <span class="seen">
        {isAlready && state === 'met' && `${say('already')} · `}
        {seen}
      </span>
      {(whyHtml || goOnHtml) && (
        <dl>
          {whyHtml && <Row name={say('why')} html={whyHtml} />}
          {evidence && (
            <div>
              <dt>{say('see')}</dt>
              <dd class="line">
                <code>{evidence}</code>
                <Copy text={evidence} say={say} />
              </dd>
            </div>
          )}
          {goOnHtml && <Row name={say('go-on')} html={goOnHtml} />}
        </dl>
      )}
    </li>
  );
}

function Row({ name, html }: { name: string; html: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Prose html={html} />
      </dd>
    </div>
  );
}
