/**
 * Who may see a page: a link with a token that counts once gives a cookie. The cookie is made of a secret of the home,
 * so that a page that is open already goes on when pglab is started again.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, constants, existsSync, fstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeOwnFolder, nameBeside, openOwn, readOwn } from '../own-files.ts';
import { homeTrouble } from '../trouble.ts';

/** What a page keeps from one start to the next, in a file of its own (0600). */
export interface Remembered {
  /** 32 bytes, as hex. */
  secret: string;
  /** Where it listened last; null: nowhere yet. */
  port: number | null;
}

const LONGEST = 4_096;

/** What is remembered in this file; something new where it is not there, or cannot be read as that. */
export function remembered(file: string): Remembered {
  try {
    if (existsSync(file) && sizeOf(file) <= LONGEST) {
      const { secret, port } = JSON.parse(readOwn(file).toString()) as Partial<Remembered>;
      if (typeof secret === 'string' && /^[0-9a-f]{64}$/.test(secret))
        return { secret, port: isPort(port) ? port : null };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw homeTrouble(dirname(file), error);
  }
  return { secret: randomBytes(32).toString('hex'), port: null };
}

export function remember(file: string, what: Remembered): void {
  const aside = nameBeside(file);
  try {
    makeOwnFolder(dirname(file));
    writeFileSync(aside, `${JSON.stringify(what)}\n`, { flag: 'wx', mode: 0o600 });
    renameSync(aside, file);
  } catch (cause) {
    rmSync(aside, { force: true });
    throw homeTrouble(dirname(file), cause);
  }
}

function sizeOf(file: string): number {
  const descriptor = openOwn(file, constants.O_RDONLY);
  try {
    return fstatSync(descriptor).size;
  } finally {
    closeSync(descriptor);
  }
}

function isPort(port: unknown): port is number {
  return typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536;
}

export class Session {
  /** Ports share cookies: each has one of its own name. */
  readonly cookie: string;
  readonly #value: string;
  #token = newToken();

  constructor(secret: string, port: number) {
    this.cookie = `pglab-${port}`;
    this.#value = createHmac('sha256', Buffer.from(secret, 'hex'))
      .update(`session ${port}`)
      .digest('base64url');
  }

  /** The token that counts now. */
  get token(): string {
    return this.#token;
  }

  /** The value of the cookie that this token buys; null where the token does not count. It counts once. */
  redeem(token: string): string | null {
    if (!isSame(token, this.#token)) return null;
    this.#token = newToken();
    return this.#value;
  }

  knows(value: string | undefined): boolean {
    return value !== undefined && isSame(value, this.#value);
  }
}

function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Takes as long for any two of one length. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
