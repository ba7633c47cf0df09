/** The page as a whole: where things stand on it. */
import type { ComponentChildren } from 'preact';
import type { Act, PageProgress, PageView } from '../../page/page-view.ts';
import { Acts, Hints, Question, Ran } from './acts.tsx';
import { Checks } from './checks.tsx';
import { Commands, Copy } from './commands.tsx';
import { answerBy } from './digits.ts';
import { Head } from './head.tsx';
import { Prediction } from './prediction.tsx';
import { Inline, Prose } from './prose.tsx';
import { type Say, type Word, wordsFrom } from './say.ts';
import { Done, Told, World } from './world.tsx';

interface Props {
  view: PageView | null;
  isLive: boolean;
  /** There is room for one column, and not for a picture. */
  isNarrow: boolean;
  /** Why what was asked for was not done. */
  failure: string | null;
  announced: string;
  act: (what: Act) => void;
  choose: (language: string) => void;
}

export function Page({ view, isLive, isNarrow, failure, announced, act, choose }: Props) {
  if (view === null) return <p class="first">{isLive ? '…' : 'pglab: no connection · 没有连接'}</p>;
  const say = wordsFrom(view.words);
  const isSilent = view.silence !== null;
  return (
    <>
      <Head head={view.head} workshop={view.workshop} {...{ say, isLive, isSilent, act, choose }} />
      <p class="heard-only" role="status">
        {announced}
      </p>
      <main
        class={isLive && !isSilent ? '' : 'stale'}
        onKeyDown={(event) => {
          const answer = answerBy(event, view);
          if (answer) act(answer);
        }}
      >
        <Banners {...{ view, say, isLive, failure }} />
        <Opening {...{ view, say, act }} />
        <World map={view.map} {...{ isNarrow, say }} />
        <section class="work" aria-label={say('work')}>
          {view.commands && <Commands commands={view.commands} say={say} />}
          <Checks checks={view.checks} say={say} />
          {view.progress && <Waited progress={view.progress} say={say} />}
          {view.question && <Question question={view.question} {...{ say, act }} />}
          <Hints hints={view.hints} say={say} />
          <Acts {...{ view, say, act }} />
          <Ran ran={view.ran} say={say} />
          <Notices notices={view.notices} say={say} />
          {view.told && (
            <Told told={view.told} prediction={view.prediction} {...{ say, act, acts: view.acts }} />
          )}
        </section>
        <Done done={view.done} say={say} />
      </main>
    </>
  );
}

function Banners({
  view,
  say,
  isLive,
  failure,
}: Pick<Props, 'isLive' | 'failure'> & { view: PageView; say: Say }) {
  const { trouble, silence, workshop } = view;
  return (
    <div class="banners">
      {!isLive && (
        <p class="banner bad" role="alert">
          {say('lost')}
        </p>
      )}
      {isLive && silence && (
        <div class="banner bad">
          <p role="alert">{say('silence')}</p>
          {/* Apart, so that no reader tells each second of it. */}
          <p class="soft">{say('silent-for', silence)}</p>
        </div>
      )}
      {failure && (
        <p class="banner bad" role="alert">
          {failure}
        </p>
      )}
      {trouble && (
        <div class="banner bad" role="alert">
          <p>
            <Inline html={trouble.messageHtml} />
          </p>
          <p>
            → <Inline html={trouble.fixHtml} />
          </p>
        </div>
      )}
      {workshop?.said && (
        <p class="banner" role="status">
          {workshop.said}
        </p>
      )}
      {workshop?.pace && <p class="banner">{workshop.pace}</p>}
    </div>
  );
}

function Opening({ view, say, act }: Pick<Props, 'act'> & { view: PageView; say: Say }) {
  const { step, prediction, told, endHtml } = view;
  if (step === null)
    return (
      <section class="opening">
        <h1>{say('all-done')}</h1>
        {endHtml && <Prose html={endHtml} />}
      </section>
    );
  const { number, of } = step;
  return (
    <section class="opening">
      <p class="kicker">{say(kickerOf(view), { number, of })}</p>
      <h1>{step.title}</h1>
      <Prose html={step.introHtml} />
      {prediction && !told && <Prediction prediction={prediction} {...{ say, act }} />}
      {step.goalHtml !== null && (
        <>
          <h2>{say('goal')}</h2>
          <Prose html={step.goalHtml} />
        </>
      )}
      {step.firstLine && (
        <p class="aside line">
          {say('first-line')} <code>{step.firstLine}</code> <Copy text={step.firstLine} say={say} />
        </p>
      )}
    </section>
  );
}

/** Until its question is answered, a step waits with its checks. */
function kickerOf({ told, acts }: PageView): Word {
  if (told) return 'kicker-met';
  return acts.includes('predict') || acts.includes('answer') ? 'kicker-asked' : 'kicker';
}

/** `value` undefined: nobody knows how far it is. */
function Waited({ progress: { text, line, part }, say }: { progress: PageProgress; say: Say }) {
  return (
    <section class="waited" aria-label={say('running')}>
      <p>{text}</p>
      <progress value={part ?? undefined} aria-label={text} />
      <p class="soft">{line}</p>
    </section>
  );
}

function Notices({ notices, say }: { notices: readonly string[]; say: Say }) {
  if (notices.length === 0) return null;
  return (
    <section class="notices" aria-label={say('notices')}>
      <h2>{say('notices')}</h2>
      <ul>
        {notices.map((text, at) => (
          <li key={at}>{coded(text)}</li>
        ))}
      </ul>
    </section>
  );
}

/** A sentence, with what stands in backquotes as code. */
function coded(text: string): ComponentChildren {
  const parts = text.split('`');
  // One that is not closed is a backquote.
  if (parts.length % 2 === 0) return text;
  return parts.map((part, at) => (at % 2 === 0 ? part : <code key={at}>{part}</code>));
}
