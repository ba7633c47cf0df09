/** What went wrong, put into words once: for people on stderr, for machines on stdout in their format. */
import { valueOnLine } from '../called-as.ts';
import { Content } from '../lab/content.ts';
import { labFolders } from '../lab/find.ts';
import { lacksOwnFile } from '../package-root.ts';
import { formatOf, formatted, isForMachines } from '../report/formats.ts';
import { Cancelled, Trouble, Usage } from '../trouble.ts';
import { visible } from '../visible.ts';
import { languageFrom } from './settings.ts';
import { codeIfUnread } from './signals.ts';

/** Where its texts are gone as well. */
const NOT_WHOLE = {
  en: 'Files of pglab itself are gone: it was installed anew, moved or removed. Install it again.',
  zh: 'pglab 自己的文件不见了：它被重新安装、移动或删除了。请重新安装。',
};

export const EXIT = { usage: 64, bug: 70, trouble: 2, cancelled: 130 } as const;

/** Tells what went wrong. Language and format are read before any parsing: a wrong option is refused in them, too. */
export class Reporter {
  readonly content: Content;
  readonly #argv: readonly string[];

  constructor(argv: readonly string[]) {
    this.#argv = argv;
    this.content = new Content(this.#language(), '');
  }

  /** Prints it and returns the exit code for it. */
  async report(thrown: unknown): Promise<number> {
    const error = lacksOwnFile(thrown) ? new Trouble('pglab-replaced', {}, { cause: thrown }) : thrown;
    const unread = codeIfUnread();
    if (error instanceof Cancelled && unread !== null) return unread;
    try {
      await this.#forMachines(error);
      this.#forPeople(error);
    } catch (cause) {
      this.#withoutTexts(error, cause);
    }
    if (error instanceof Cancelled) return EXIT.cancelled;
    return error instanceof Usage ? EXIT.usage : error instanceof Trouble ? EXIT.trouble : EXIT.bug;
  }

  sayTrouble({ code, values, remark }: Trouble): void {
    const text = (field: 'message' | 'fix') => this.content.say('troubles', code, values, field);
    process.stderr.write(`${text('message')}\n→ ${text('fix')}\n`);
    if (remark === null) return;
    const also = (field: 'text' | 'fix') => this.content.say('messages', remark.key, remark.values, field);
    process.stderr.write(`${also('text')}\n→ ${also('fix')}\n`);
  }

  #forPeople(error: unknown): void {
    const say = (key: 'bug' | 'bug-fix' | 'cancelled') => this.content.say('messages', key);
    if (error instanceof Trouble) this.sayTrouble(error);
    else if (error instanceof Cancelled) process.stderr.write(`\n${say('cancelled')}\n`);
    else process.stderr.write(`${say('bug')}\n${stackOf(error)}\n${say('bug-fix')}\n`);
  }

  /** Where even our own texts cannot be read, what happened is told as it is. */
  #withoutTexts(error: unknown, cause: unknown): void {
    const isGone = [error, cause].some((each) => lacksOwnFile(each) || lacksOwnFile((each as Error)?.cause));
    const told = isGone ? NOT_WHOLE[this.#language()] : `${stackOf(error)}\n${stackOf(cause)}`;
    process.stderr.write(`${told}\n`);
  }

  async #forMachines(error: unknown): Promise<void> {
    const format = formatOf(this.#asked('format') ?? 'text');
    if (!format || !isForMachines(format)) return;
    const { emptyResult, troubleOf } = await import('../report/result.ts');
    const gathered = (error as { result?: ReturnType<typeof emptyResult> } | null)?.result;
    const result = gathered ?? { ...emptyResult(this.#lab(), null), outcome: 'unknown' as const };
    const trouble = troubleOf(error, this.content);
    process.stdout.write(`${formatted(format, { ...result, trouble })}\n`);
  }

  /** The lab's id, also where it could not be opened. */
  #lab(): string {
    const asked = this.#asked('lab');
    try {
      return labFolders(asked ?? null).id;
    } catch {
      return asked ?? 'pglab';
    }
  }

  #language() {
    try {
      return languageFrom(this.#asked('lang'), process.env);
    } catch {
      return languageFrom(undefined, process.env);
    }
  }

  /** The option's value as it stands in argv, the last one; else its variable's. */
  #asked(name: string): string | undefined {
    return valueOnLine(this.#argv, `--${name}`) ?? (process.env[`PGLAB_${name.toUpperCase()}`] || undefined);
  }
}

function stackOf(error: unknown): string {
  return visible(error instanceof Error ? (error.stack ?? error.message) : String(error), { lines: true });
}
