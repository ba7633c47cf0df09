/** The learner's page as a browser gets it: one stream for each language, and the acts that it sends. */
import type { StreamLine } from '../journal/events.ts';
import { nextStep, progressOf, type Standing } from '../journal/standing.ts';
import { LANGUAGES, type Language } from '../lab/languages.ts';
import type { Lab, Step } from '../lab/model.ts';
import type { WorldMap } from '../map/map-schema.ts';
import { markup } from '../map/markup.ts';
import { placesFor, placesForStep } from '../map/places.ts';
import { STYLE } from '../map/svg-style.ts';
import { inlineHtml } from '../report/prose-html.ts';
import type { Values } from '../values.ts';
import type { Address } from '../web/address.ts';
import { EventStream, type Sent } from '../web/event-stream.ts';
import { bodyOf } from '../web/guards.ts';
import { type PageServer, type Routes, servePage, streamAt } from '../web/page-server.ts';
import type { SeatWords } from './heard-at-seat.ts';
import { actOf, isForAnother } from './page-acts.ts';
import { PageAsker } from './page-asker.ts';
import { pageOf, type Shown, type Tongue } from './page-of.ts';
import { PageState } from './page-state.ts';

export interface PageOptions {
  lab: Lab;
  run: string;
  standing: () => Standing;
  tongues: ReadonlyMap<Language, Tongue>;
  /** The language of who started it. */
  language: Language;
  signal: AbortSignal;
  /** Raises the hand of the seat in a workshop, or takes it down. */
  raiseHand: (up: boolean) => Promise<void>;
}

/** Lines that come together are shown together. Milliseconds. */
const TOGETHER = 20;

interface Channel {
  stream: EventStream;
  /** Each part of the page as it was last sent, as JSON. */
  sent: Map<string, string>;
}

export class LearnersPage {
  readonly asker: PageAsker;
  readonly #options: PageOptions;
  readonly #state: PageState;
  readonly #channels = new Map<Language, Channel>();
  #map: Shown['map'] = null;
  /** The step for which its places were found. */
  #placedFor: Step | null = null;
  #trouble: Shown['trouble'] = null;
  #seat: Shown['seat'] = null;
  #flush: NodeJS.Timeout | null = null;

  constructor(options: PageOptions) {
    const { lab, standing, signal, tongues, language } = options;
    this.#options = options;
    this.#state = new PageState(lab, standing);
    this.#state.preview(
      nextStep(
        progressOf(
          lab.steps.map(({ id }) => id),
          standing(),
        ),
      )?.id ?? null,
    );
    this.asker = new PageAsker(signal, {
      told: () => this.#changed(),
      know: (values) => this.#state.know(values),
      rightOf: (step) => {
        const prediction = tongues.get(language)?.text(step).prediction;
        return prediction ? { right: prediction.right, of: prediction.options.length } : null;
      },
    });
  }

  /** Takes what happens, as every consumer of lines does. */
  take(line: StreamLine): void {
    this.#state.take(line);
    // What the engine's silence has stopped goes on with the engine.
    const isBack = line.type === 'engine-silent' && line.seconds === null;
    if (isBack && this.#trouble?.code.startsWith('engine-')) this.asker.act({ type: 'next' });
    this.#changed();
  }

  /** Somebody looks at it. */
  get isSeen(): boolean {
    return [...this.#channels.values()].some(({ stream }) => stream.readers > 0);
  }

  /** The world as it is now. */
  see(world: WorldMap): void {
    const { step } = this.#state;
    // Another step is another page: only there may things find new places.
    const isSame = this.#map !== null && step === this.#placedFor;
    const makes = step?.commands.flatMap(({ creates }) => creates ?? []) ?? [];
    const places = isSame ? placesFor(world, this.#map?.places) : placesForStep(world, makes);
    this.#placedFor = step;
    this.#map = { world, places };
    this.#changed();
  }

  /** The seat in a workshop as it is now; null: there is none. */
  hear(seat: SeatWords | null): void {
    this.#seat = seat;
    this.#changed();
  }

  /** What the page stands still for; null: nothing any more. */
  tell(trouble: { code: string; values: Values } | null): void {
    this.#trouble = trouble;
    this.#changed();
  }

  /** There is nothing to do any more. */
  end(): void {
    this.#state.preview(null);
    this.#changed();
  }

  /** Trouble `listen-taken`. `file`: what it remembers from one start to the next. */
  serve(
    listen: Address | null,
    { file, refused, used }: { file: string; refused: () => string; used: (link: string) => void },
  ): Promise<PageServer> {
    const files = ['learner.js', 'learner-style.css'];
    return servePage({ listen, file, files, refused, used, routes: (app) => this.#routes(app) });
  }

  /** Whoever looks keeps what came last. */
  close(): void {
    if (this.#flush !== null) this.#sendAll();
    for (const { stream } of this.#channels.values()) stream.close();
  }

  #routes(app: Routes): void {
    app.get('/', (context) => context.html(this.#html()));
    app.get('/map.css', (context) => context.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
    // A browser asks for one on its own.
    app.get('/favicon.ico', (context) => context.body(null, 204));
    app.post('/act', async (context) => {
      const body = await bodyOf(context);
      const act = actOf(body);
      if (act === null) return context.text('no such act\n', 400);
      if (act.type === 'hand') {
        await this.#options.raiseHand(act.up);
        return context.body(null, 204);
      }
      const isMeant = !isForAnother(body, this.#state.step?.id ?? null);
      return isMeant && this.asker.act(act) ? context.body(null, 204) : context.text('not now\n', 409);
    });
    streamAt(app, '/live', (context) => this.#channel(context.req.query('lang') ?? '').stream);
  }

  #html(): string {
    const { language, lab, tongues } = this.#options;
    const { content } = tongues.get(language) as Tongue;
    const lang = { en: 'en', zh: 'zh-Hans' }[language];
    return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${markup(lab.id)} · pglab</title>
<link rel="stylesheet" href="/map.css">
<link rel="stylesheet" href="/learner-style.css">
<script src="/learner.js" defer></script>
</head>
<body>
<noscript><p class="first">${inlineHtml(content.say('messages', 'page-without-script'))}</p></noscript>
<div id="page"></div>
</body>
</html>
`;
  }

  #channel(asked: string): Channel {
    const language = LANGUAGES.find((each) => each === asked) ?? this.#options.language;
    const known = this.#channels.get(language);
    if (known) return known;
    const channel: Channel = { sent: new Map(), stream: new EventStream(() => this.#all(language, channel)) };
    this.#channels.set(language, channel);
    return channel;
  }

  /** All that is sent later is the difference to this. */
  #all(language: Language, channel: Channel): Sent[] {
    return [{ name: 'parts', data: this.#send(language, channel) }];
  }

  #parts(language: Language): object {
    const { lab, run, standing, tongues } = this.#options;
    const tongue = tongues.get(language) as Tongue;
    return pageOf(tongue, {
      ...{ lab, run, standing: standing(), state: this.#state, asker: this.asker },
      ...{ map: this.#map, trouble: this.#trouble, seat: this.#seat },
    });
  }

  #changed(): void {
    this.#flush ??= setTimeout(() => this.#sendAll(), TOGETHER);
  }

  #sendAll(): void {
    if (this.#flush !== null) clearTimeout(this.#flush);
    this.#flush = null;
    for (const [language, channel] of this.#channels) this.#send(language, channel);
  }

  /** Whoever reads gets what has changed; returns the whole. */
  #send(language: Language, { stream, sent }: Channel): object {
    const changed: Record<string, unknown> = {};
    const parts = this.#parts(language);
    for (const [part, data] of Object.entries(parts)) {
      const json = JSON.stringify(data);
      if (sent.get(part) === json) continue;
      sent.set(part, json);
      changed[part] = data;
    }
    if (Object.keys(changed).length > 0) stream.send('parts', changed);
    return parts;
  }
}
