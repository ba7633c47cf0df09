/**
 * The connection of a page to its server: server-sent events with a beat, and a watchdog, for a browser notices a dead network
 * only after minutes. It connects anew by itself, and asks for all that it missed.
 */

/** Milliseconds. A beat comes each second or two. */
const SILENT_AFTER = 5_000;
const LOOK_EVERY = 500;
const FIRST_RETRY = 300;
const LONGEST_RETRY = 3_000;

export class Connection {
  readonly #tell: (isLive: boolean) => void;
  readonly #takers = new Map<string, (data: unknown) => void>();
  #source: EventSource | null = null;
  #url = '';
  /** The id of the last event; empty: none has come by this address. */
  #last = '';
  /** Null: not known yet. */
  #isLive: boolean | null = null;
  #lastAt = 0;
  #wait = FIRST_RETRY;
  #retry = 0;

  /** `tell` is called with whether there is a connection, each time that changes. */
  constructor(tell: (isLive: boolean) => void) {
    this.#tell = tell;
    window.setInterval(() => {
      if (this.#source !== null && Date.now() - this.#lastAt > SILENT_AFTER) this.#lost();
    }, LOOK_EVERY);
    // Who opens the lid again need not wait for the next try.
    for (const event of ['online', 'focus'])
      window.addEventListener(event, () => {
        if (!this.#isLive && this.#url !== '') this.#connect();
      });
  }

  /** Takes what comes by the name of this event, read as JSON. */
  on(event: string, take: (data: unknown) => void): void {
    this.#takers.set(event, take);
  }

  /** Connects to this address, from now on: another one is another language. */
  open(url: string): void {
    this.#url = url;
    this.#last = '';
    this.#connect();
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#lastAt = Date.now();
    const source = new EventSource(this.#address());
    this.#source = source;
    source.addEventListener('beat', () => this.#heard());
    for (const [event, take] of this.#takers)
      source.addEventListener(event, ({ data, lastEventId }: MessageEvent<string>) => {
        this.#heard();
        take(JSON.parse(data));
        this.#last = lastEventId;
      });
    // A browser gives up for good on some answers: this page never does.
    source.onerror = () => {
      if (this.#source === source) this.#lost();
    };
  }

  /** A browser tells the last id by itself only where it connects anew by itself, which takes it too long. */
  #address(): string {
    const url = new URL(this.#url, location.href);
    if (this.#last !== '') url.searchParams.set('after', this.#last);
    return url.href;
  }

  #heard(): void {
    this.#lastAt = Date.now();
    this.#wait = FIRST_RETRY;
    this.#became(true);
  }

  #lost(): void {
    this.#source?.close();
    this.#source = null;
    this.#became(false);
    this.#retry = window.setTimeout(() => this.#connect(), this.#wait * (0.5 + Math.random()));
    this.#wait = Math.min(this.#wait * 2, LONGEST_RETRY);
  }

  #became(isLive: boolean): void {
    if (isLive !== this.#isLive) this.#tell(isLive);
    this.#isLive = isLive;
  }
}
