/**
 * CRC-32 as zlib, gzip and PNG have it. Node's own is in its zlib, which a start of `list` would load for this alone:
 * 2 to 3 ms, where the lines of a whole run take less than one.
 */
const TABLE = new Int32Array(256);
for (let byte = 0; byte < TABLE.length; byte += 1) {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  TABLE[byte] = sum;
}

/** Of a text's UTF-8, as 8 hex digits: `crc32('pglab')` is "0796b0be". */
export function crc32(text: string): string {
  let sum = -1;
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 1)
    sum = (TABLE[(sum ^ (bytes[at] as number)) & 0xff] as number) ^ (sum >>> 8);
  return (~sum >>> 0).toString(16).padStart(8, '0');
}
