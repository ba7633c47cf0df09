/** What each request has to pass, and what each answer carries, before a page's own code sees it. */
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Session } from './session.ts';

const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Bytes that a browser may send us at once. */
const LONGEST_BODY = 16 * 1024;

/** These headers on every answer, also on one that is written past the framework. */
export function safeHeaders(): MiddlewareHandler {
  return async (context, next) => {
    const response = context.env.outgoing as import('node:http').ServerResponse;
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    await next();
  };
}

/**
 * Only under the name that we listen on: a page of another name that leads here (DNS rebinding) is refused, and so is
 * whatever another page, of this machine as well, sends.
 */
export function onlyFromOurselves(host: string): MiddlewareHandler {
  // A browser leaves the port out where it is that of HTTP.
  const { host: short, origin } = new URL(`http://${host}`);
  return async (context, next) => {
    const named = context.req.header('host');
    if (named !== host && named !== short) return context.text('wrong host\n', 421);
    const from = context.req.header('origin');
    const reads = context.req.method === 'GET' || context.req.method === 'HEAD';
    if (from === undefined ? !reads : from !== origin) return context.text('wrong origin\n', 403);
    return isDrawnInElsewhere(context) ? context.text('wrong origin\n', 403) : next();
  };
}

/**
 * What another page asks for as a part of its own, such as a picture: no origin is named there, and a page at another port
 * of this machine has our cookie sent along.
 */
function isDrawnInElsewhere({ req }: Context): boolean {
  const site = req.header('sec-fetch-site');
  return (site === 'same-site' || site === 'cross-site') && req.header('sec-fetch-mode') !== 'navigate';
}

/**
 * The way in: `?token=…` becomes a cookie, and leaves the address. Requests with neither are told `refused`. Who comes by a
 * link on another page lands first: a browser keeps back a strict cookie until a page of ours itself goes on.
 */
export function onlyWithCookie(
  session: Session,
  { refused, used }: { refused: () => string; used: () => void },
): MiddlewareHandler {
  return async (context, next) => {
    const token = context.req.query('token');
    if (token !== undefined && context.req.method === 'GET') {
      const value = session.redeem(token);
      if (value !== null) {
        setCookie(context, session.cookie, value, { httpOnly: true, sameSite: 'Strict', path: '/' });
        used();
      }
      if (isFromElsewhere(context)) return context.html(landing(ownPath(context)));
      if (value !== null || isKnown(context, session)) return context.redirect(ownPath(context), 303);
    }
    if (isFromElsewhere(context) && !isKnown(context, session))
      return context.html(landing(ownPath(context)));
    return isKnown(context, session) ? next() : context.text(`${refused()}\n`, 403);
  };
}

/** A person who clicked on another page, as the browser says. */
function isFromElsewhere({ req }: Context): boolean {
  return req.header('sec-fetch-site') === 'cross-site' && req.header('sec-fetch-mode') === 'navigate';
}

/** One that begins with two slashes would lead to another host. */
function ownPath({ req }: Context): string {
  return encodeURI(req.path).replace(/^[/\\]+/, '/');
}

/** Goes on at once, as from a page of ours: it holds nothing. */
function landing(path: string): string {
  return `<!doctype html>\n<title>pglab</title>\n<meta http-equiv="refresh" content="0;url=${path}">\n`;
}

function isKnown(context: Context, session: Session): boolean {
  return session.knows(getCookie(context, session.cookie));
}

/**
 * A request's body as JSON; null where it is too long, or is none. It is read by our own count: what a header says of its
 * length is the sender's word.
 */
export async function bodyOf(context: Context): Promise<unknown> {
  if (!/^application\/json\b/.test(context.req.header('content-type') ?? '')) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    // Who hangs up in the middle of it has sent none.
    for await (const part of context.req.raw.body ?? []) {
      length += part.length;
      if (length > LONGEST_BODY) return null;
      parts.push(part);
    }
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return null;
  }
}
