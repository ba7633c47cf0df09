/** A connection to a board in TLS with a pre-shared key, by Node's own modules. */
import { connect, type TLSSocket } from 'node:tls';
import { type Identity, identityOf, PSK_TLS } from '../codes.ts';

export interface Credentials {
  identity: Identity;
  key: Buffer;
}

/** Of Node's, which fails and ends as its events tell. */
export function pskConnection(host: string, port: number, { identity, key }: Credentials): TLSSocket {
  const socket = connect({
    ...{ host, port, ...PSK_TLS },
    pskCallback: () => ({ psk: key, identity: identityOf(identity) }),
    // Who has the key is the board: there is no certificate that could name it.
    checkServerIdentity: () => undefined,
  });
  socket.setNoDelay(true);
  return socket;
}
