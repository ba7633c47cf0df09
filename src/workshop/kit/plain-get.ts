import { type IncomingMessage, request } from 'node:http';

/** Nothing at all for so long: the connection is dead, whatever the system thinks. */
const SILENT_MS = 15_000;

/**
 * A GET in clear text, on a connection of its own, as soon as its head has come. Whoever takes the body hears by an error that
 * it was cut off, or that nothing comes any more.
 */
export function plainGet(
  address: string,
  path: string,
  { headers = {}, signal }: { headers?: Record<string, string>; signal: AbortSignal },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const url = `http://${address}${path}`;
    const asked = request(url, { agent: false, headers, signal }, (response) => {
      response.on('aborted', () => response.destroy(new Error('cut off')));
      resolve(response);
    });
    asked.setTimeout(SILENT_MS, () => asked.destroy(new Error('timeout')));
    asked.on('error', reject);
    asked.end();
  });
}
