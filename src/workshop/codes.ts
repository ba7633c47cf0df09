/**
 * Codes that let somebody join, and the keys of TLS-PSK that come of them. A code's key serves joining alone, for one
 * group; a seat has a key of its own, made of the workshop's secret, so that no board need keep it.
 */
import { hkdfSync, scrypt } from 'node:crypto';

/** Crockford's: no I, L, O, U, which are read as others. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 40 bits, to be said aloud. */
const SPOKEN = 8;
/** 128 bits, for a link that is scanned. */
const SCANNED = 26;
const KEY_BYTES = 32;

type Kind = 'spoken' | 'scanned';
/** The code of a group for who helps the instructor; as long as one that is scanned. */
type Assistant = 'assistant';

/**
 * What both ends of a seat's connection give to `node:tls`. Each handshake has a secret of its own (ECDHE): who listens
 * cannot try codes on what was heard, and who pretends to be the board pays for each try with scrypt.
 */
export const PSK_TLS = {
  ciphers: 'ECDHE-PSK-CHACHA20-POLY1305',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.2',
} as const;

/** The code of a group: the workshop's secret gives each group its own, so that none need be kept. */
export function codeOf(secret: Buffer, epoch: number, kind: Kind | Assistant): string {
  const length = kind === 'spoken' ? SPOKEN : SCANNED;
  // 256 is a multiple of 32: each letter is as likely.
  const bytes = [...derived(secret, `code ${epoch} ${kind}`)].slice(0, length);
  return bytes.map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** As people read it: `K7QM-2PDX`. */
export function shownCode(code: string): string {
  return code.length === SPOKEN ? `${code.slice(0, SPOKEN / 2)}-${code.slice(SPOKEN / 2)}` : code;
}

/** Whether a code, as `readCode` returns it, is as long as that of who assists. */
export function mayBeAssistants(code: string): boolean {
  return code.length === SCANNED;
}

/** A code as somebody typed it, `k7qm 2pdx`, with letters that Crockford's alphabet reads as others; null: it is none. */
export function readCode(text: string): string | null {
  if (text.length > 2 * SCANNED) return null;
  const code = text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  const isOne = code.length === SPOKEN || code.length === SCANNED;
  return isOne && [...code].every((letter) => LETTERS.includes(letter)) ? code : null;
}

/** Whose key it is: of who joins with a code, of a seat, or of who assists. It goes over the network in clear text, and holds no name. */
export type Identity =
  | { is: 'join'; workshop: string; epoch: number; kind: Kind }
  | { is: 'seat'; workshop: string; epoch: number; seat: number; nonce: string }
  | { is: Assistant; workshop: string; epoch: number };

/** As the handshake carries it: `join.my-lab-3f2a.1.spoken`, `seat.my-lab-3f2a.1.12.<nonce>`, `assistant.my-lab-3f2a.1`. */
export function identityOf(identity: Identity): string {
  const { is, workshop, epoch } = identity;
  return [is, workshop, epoch, ...ownPart(identity)].join('.');
}

function ownPart(identity: Identity): (string | number)[] {
  if (identity.is === 'join') return [identity.kind];
  return identity.is === 'seat' ? [identity.seat, identity.nonce] : [];
}

const IDENTITY =
  /^(join|seat|assistant)\.([a-z0-9][a-z0-9-]{0,39})\.(\d{1,6})(?:\.(spoken|scanned)|\.([1-9]\d{0,5})\.([0-9a-f]{32}))?$/;

/** Null: not one of ours. */
export function readIdentity(text: string): Identity | null {
  const [, is, workshop = '', group, kind, seat, nonce] = IDENTITY.exec(text) ?? [];
  const common = { workshop, epoch: Number(group) };
  if (is === 'join' && kind !== undefined) return { is, ...common, kind: kind as Kind };
  if (is === 'seat' && nonce !== undefined) return { is, ...common, seat: Number(seat), nonce };
  if (is === 'assistant' && kind === undefined && nonce === undefined) return { is, ...common };
  return null;
}

/** The identity that a code has: of 8 letters it was said, of 26 scanned. */
export function joinIdentity(code: string, workshop: string, epoch: number): Identity {
  return { is: 'join', workshop, epoch, kind: code.length === SPOKEN ? 'spoken' : 'scanned' };
}

/** Whether its key comes of 40 bits: who guesses at it is slowed. Who scanned a code of 128 is let in meanwhile. */
export function isGuessable(identity: Identity): boolean {
  return identity.is === 'join' && identity.kind === 'spoken';
}

/** Memory-hard, about 0.1 s and 64 MB: 40 bits are few. Asked once by each end. */
const STRETCH = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 2 ** 20 } as const;

/** The key that a code gives to who joins this group. `code`: as `readCode` returns it. */
export function joinKey(code: string, workshop: string, epoch: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(code, `pglab ${workshop} ${epoch}`, KEY_BYTES, STRETCH, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

/** The key of one seat. The workshop's secret and the identity are enough to tell it. */
export function seatKey(secret: Buffer, identity: Extract<Identity, { is: 'seat' }>): Buffer {
  return derived(secret, identityOf(identity));
}

/** The key of who assists this group. `code`: 128 bits, which need no stretching. */
export function assistantKey(code: string, workshop: string, epoch: number): Buffer {
  return derived(Buffer.from(code), identityOf({ is: 'assistant', workshop, epoch }));
}

/** The word that lets a verb on the board's own machine in. 64 hex digits. */
export function instructorToken(secret: Buffer): string {
  return derived(secret, 'instructor').toString('hex');
}

function derived(secret: Buffer, what: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `pglab ${what}`, KEY_BYTES));
}
