/**
 * The one range that a `Range` header asks for (RFC 9110, 14.1.2), first and last byte. What is no range, or several, means
 * all; null: there are no such bytes.
 *
 * @example byteRange('bytes=100-', 250) // { from: 100, to: 249, isPart: true }
 */
export function byteRange(
  header: string | undefined,
  size: number,
): { from: number; to: number; isPart: boolean } | null {
  const all = { from: 0, to: size - 1, isPart: false };
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return all;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < from) return all;
  return from > to ? null : { from, to, isPart: true };
}
