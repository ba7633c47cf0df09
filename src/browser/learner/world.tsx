/** The map as it is now; what a met step teaches; what was done so far. */
import type { Act, ActType, PageDone, PageMap, PagePrediction, PageTold } from '../../page/page-view.ts';
import { Prediction } from './prediction.tsx';
import { Prose } from './prose.tsx';
import type { Say } from './say.ts';

/** Where three lanes have no room, the map is its list: what is drawn so small tells nothing. */
export function World({ map, isNarrow, say }: { map: PageMap | null; isNarrow: boolean; say: Say }) {
  if (map === null) return <div class="world" />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: What scrolls must be reached by the keyboard.
    <section class="world" aria-labelledby="world" tabIndex={0}>
      <h2 id="world">{map.title}</h2>
      {!isNarrow && <Prose class="drawn" html={map.svg} />}
      <details open={isNarrow}>
        <summary>{say('map-text')}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: What scrolls must be reached by the keyboard. */}
        <pre tabIndex={0}>{map.listed.join('\n')}</pre>
      </details>
    </section>
  );
}

/** As a picture where its column has room for one, else as its list. */
function Part({ map: { title, svg, listed } }: { map: PageMap }) {
  return (
    <figure class="part">
      <figcaption>{title}</figcaption>
      <Prose class="drawn" html={svg} />
      <pre>{listed.join('\n')}</pre>
    </figure>
  );
}

export function Told({
  told,
  prediction,
  say,
  act,
  acts,
}: {
  told: PageTold;
  prediction: PagePrediction | null;
  say: Say;
  act: (what: Act) => void;
  acts: readonly ActType[];
}) {
  return (
    <section class="told" aria-label={say('told')}>
      {prediction?.said != null && (
        <Prediction prediction={{ ...prediction, isOpen: false }} {...{ say, act }} />
      )}
      <Prose html={told.explanationHtml} />
      {told.part && <Part map={told.part} />}
      <aside class="then">
        <h2>{say('then')}</h2>
        <Prose html={told.thenAndNowHtml} />
      </aside>
      {acts.includes('next') && (
        <div class="acts">
          <button type="button" class="primary" data-act="next" onClick={() => act({ type: 'next' })}>
            {say('act-next')}
          </button>
        </div>
      )}
    </section>
  );
}

export function Done({ done, say }: { done: readonly PageDone[]; say: Say }) {
  if (done.length === 0) return null;
  return (
    <section class="done" aria-labelledby="done">
      <h2 id="done">{say('done')}</h2>
      <ol>
        {done.map(({ id, number, title, outcome, wasRight, hints }) => (
          <li key={id} value={number}>
            {title}
            <span class="soft">
              {outcome === 'skipped' && ` · ${say('step-left-out')}`}
              {wasRight !== null && ` · ${say(wasRight ? 'as-said' : 'not-as-said')}`}
              {hints > 0 && ` · ${say('hints-taken', { hints })}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
