import type { MessageKey, TroubleKey } from './content-keys.ts';
import type { Values } from './values.ts';

/** What there is to say beside trouble, in words of content/messages.*.md: a text, and a mend of its own. */
export interface Remark {
  key: MessageKey;
  values: Values;
}

/**
 * Known trouble: not the learner's mistake and not ours. Its message and its mend are written in
 * every language in content/troubles.*.md under `code`; `values` fill their placeholders. Exit 2.
 */
export class Trouble extends Error {
  readonly code: TroubleKey;
  /** What is known only further out, such as the step, may be added there. */
  values: Values;
  readonly remark: Remark | null;

  constructor(
    code: TroubleKey,
    values: Values = {},
    { remark, ...options }: { cause?: unknown; remark?: Remark | undefined } = {},
  ) {
    super(`${code} ${JSON.stringify(values)}`, options);
    this.name = 'Trouble';
    this.remark = remark ?? null;
    this.code = code;
    this.values = values;
  }
}

/** Wrong usage of the command line; texts as for trouble. Exit 64. */
export class Usage extends Trouble {
  constructor(code: TroubleKey, values: Values = {}, options: { remark?: Remark | undefined } = {}) {
    super(code, values, options);
    this.name = 'Usage';
  }
}

/** The learner or the system asked us to end (SIGINT, SIGTERM, SIGHUP). Exit 130. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

/** What keeps us from writing to the home: no room on its disk, or no right to. */
export function homeTrouble(home: string, cause: unknown): Trouble {
  // Told already, and better.
  if (cause instanceof Trouble) return cause;
  const isFull = /^(ENOSPC|EDQUOT)$/.test((cause as NodeJS.ErrnoException).code ?? '');
  return new Trouble(isFull ? 'home-full' : 'home-unwritable', { home, why: messageOf(cause) }, { cause });
}

/** The message of anything that was thrown; some libraries throw strings and empty errors. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(messageOf).join('; ');
  }
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    // What a lab throws may have no words, or throw itself when it is asked for them.
    return typeof error;
  }
}
