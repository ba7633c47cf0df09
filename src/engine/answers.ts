/** What comes back of a call to the engine: an answer, an absence, trouble, or nothing at all. */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { shellWord } from '../grammar.ts';
import { messageOf, Trouble } from '../trouble.ts';
import type { Endpoint } from './endpoint.ts';
import { namedBy } from './named-by.ts';

/** A busy engine takes a minute to remove a container; one that takes longer than this is stuck. */
const ANSWER_WITHIN_MS = 180_000;

/**
 * docker-modem waits for the end of an answer alone: one that breaks off in the middle, since the engine was
 * killed, would be waited for without end. So such a break fails its request.
 */
export function failAtBreaks(): void {
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: ClientRequest };
    request.once('response', (answer: IncomingMessage) => {
      answer.once('error', (error) => request.emit('error', error));
    });
  });
}

/** As `guarded`, for one endpoint. */
export type Guard = <T>(work: Promise<T>, withinMs?: number) => Promise<T>;

/** A parameter that it cannot use, what is not there, what is in use already. */
const FOR_THE_CALLER = new Set([400, 404, 409]);

const REFUSES = new Set([401, 403, 405]);

/** The engine's failures as trouble. What it says of this one question is for the caller to judge. */
export async function guarded<T>(
  endpoint: Endpoint,
  work: Promise<T>,
  withinMs = ANSWER_WITHIN_MS,
): Promise<T> {
  try {
    return await within(work, withinMs);
  } catch (error) {
    if (isGone(error)) throw unreachable(endpoint, error);
    const status = statusOf(error) ?? 0;
    if (error instanceof Trouble || status === 0 || FOR_THE_CALLER.has(status)) throw error;
    throw new Trouble(
      status < 500 ? 'engine-refuses' : 'engine-error',
      { why: messageOf(error) },
      { cause: error },
    );
  }
}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  if (ms === Infinity) return work;
  return new Promise((resolve, reject) => {
    const seconds = ms / 1000;
    const timer = setTimeout(
      () => reject(new Trouble('engine-stuck', { seconds, why: `> ${seconds} s` })),
      ms,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

export const statusOf = (error: unknown) => (error as { statusCode?: number }).statusCode;

export async function absentIsNull<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error) => {
    const isGoing = statusOf(error) === 409 && /marked for removal|is dead/.test(messageOf(error));
    if (isGoing || statusOf(error) === 404 || statusOf(error) === 400) return null;
    throw error;
  });
}

/** A removal of something that is gone already (404) has succeeded. */
export async function gone(work: Promise<unknown>): Promise<void> {
  await work.catch((error) => {
    if (statusOf(error) !== 404) throw error;
  });
}

/** Codes of Node for a connection that did not come about, or broke. */
const GONE =
  /^(PIPE_ENDED|ECONNREFUSED|ENOENT|ECONNRESET|EPIPE|EACCES|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|E(HOST|NET)UNREACH)$/;
/** Codes of OpenSSL's for a partner who does not prove to be the one that was meant, or speaks no TLS. */
const NOT_TRUSTED = /CERT|^ERR_(TLS|SSL|OSSL)_|^EPROTO$|^HPE_/;

function isGone(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? '';
  return GONE.test(code) || NOT_TRUSTED.test(code);
}

export function unreachable(endpoint: Endpoint, cause: unknown): Trouble {
  // Told already: a certificate that cannot be read.
  if (cause instanceof Trouble) return cause;
  // Somebody is there, who lets others through or other questions.
  const isRefused = REFUSES.has(statusOf(cause) ?? 0);
  if (isRefused)
    return new Trouble('engine-refuses', { why: messageOf(cause) }, { cause, remark: namedBy(endpoint) });
  const code = (cause as { code?: string }).code ?? messageOf(cause);
  const isSsh = code === 'PIPE_ENDED' || (code === 'ENOENT' && endpoint.url.startsWith('ssh://'));
  const trouble =
    code === 'EACCES'
      ? 'engine-forbidden'
      : isSsh
        ? 'engine-ssh'
        : NOT_TRUSTED.test(code)
          ? 'engine-tls'
          : 'engine-unreachable';
  // OpenSSL's own words, without its file names and numbers.
  const { reason } = cause as { reason?: unknown };
  const inWords = typeof reason === 'string' ? reason : messageOf(cause);
  const why = isSsh || trouble === 'engine-tls' ? inWords : code;
  const values = { endpoint: endpoint.url, why, ssh: sshLine(endpoint) };
  // Who is only not let in has named the right one.
  const remark = trouble === 'engine-forbidden' ? undefined : namedBy(endpoint);
  return new Trouble(trouble, values, { cause, remark });
}

/** The line by which somebody sees for themselves what ssh says; empty where ssh is not the way. */
function sshLine({ url }: Endpoint): string {
  if (!url.startsWith('ssh://')) return '';
  return `docker -H ${shellWord(url)} version`;
}
