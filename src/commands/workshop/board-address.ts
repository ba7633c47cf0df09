/** Where a board is, as somebody typed it. */
import { Usage } from '../../trouble.ts';
import { readAddress } from '../../workshop/seat/seat-file.ts';

const USUAL_PORT = 8750;

/** `192.168.1.20` is `192.168.1.20:8750`. Usage `workshop-bad-address`. */
export function boardAddress(text: string): string {
  const withPort =
    /:\d+$/.test(text) && !/^[^[]*:[^\]]*:/.test(text) ? text : `${inBrackets(text)}:${USUAL_PORT}`;
  if (readAddress(withPort) === null) throw new Usage('workshop-bad-address', { address: text });
  return withPort;
}

/** An address of IPv6 is written in brackets before a port. */
function inBrackets(text: string): string {
  return text.includes(':') && !text.startsWith('[') ? `[${text}]` : text;
}
