import { isHost, isPort } from '../../names.ts';

export interface Invitation {
  /** `192.168.1.20:8750` */
  address: string;
  /** As it is shown: `K7QM-2PDX`. */
  code: string;
  /** Of the script at `/join`, 64 hex digits. */
  sha256: string;
}

/**
 * The one line that a participant pastes, whatever their shell: it runs what it fetches only if that is what the instructor's
 * machine has. Only Linux was tried; macOS has `shasum`.
 */
export function pastedLine({ address, code, sha256 }: Invitation): string {
  if (!isAddress(address) || !/^[0-9A-Z-]{8,32}$/.test(code) || !/^[0-9a-f]{64}$/.test(sha256))
    throw new RangeError('a line to join of what is no address, code or digest');
  const fetch = 'j=$(curl -fsS http://$a/join||wget -qO- http://$a/join)';
  const sum = '$(printf %s "$j"|(sha256sum||shasum -a256)2>/dev/null)';
  const otherwise = 'echo "Not what your instructor gave out: nothing was run.">&2;exit 1';
  return `sh -c 'a=${address};${fetch};case ${sum} in ${sha256}*)sh -c "$j" join $a ${code};;*)${otherwise};;esac'`;
}

/** `HOST:PORT`, an IPv6 address in brackets. */
function isAddress(address: string): boolean {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(address) ?? [];
  const bare = /^\[(.+)\]$/.exec(host)?.[1] ?? host;
  const isBracketed = bare !== host;
  return isHost(bare) && bare.includes(':') === isBracketed && isPort(Number(port));
}
