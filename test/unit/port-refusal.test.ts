/** Why a port was refused, in the words of each engine; and where to go on after one that the system forbids. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { portRefusal } from '../../src/engine/port-refusal.ts';
import { afterForbidden } from '../../src/runner/ground/ports.ts';

const TAKEN = [
  'driver failed programming external connectivity on endpoint a: Bind for 0.0.0.0:6700 failed: port is already allocated.',
  'Error starting userland proxy: listen tcp4 0.0.0.0:6700: bind: address already in use.',
  'Ports are not available: exposing port TCP 0.0.0.0:5432 -> 0.0.0.0:0: listen tcp 0.0.0.0:5432: bind: Only one usage of each socket address (protocol/network address/port) is normally permitted.',
  'listen tcp 0.0.0.0:5432: bind: 通常每个套接字地址(协议/网络地址/端口)只允许使用一次。',
  'pasta failed with exit code 1: Failed to bind port 6700 (Address already in use) for option -t',
];
const FORBIDDEN = [
  'Ports are not available: exposing port TCP 0.0.0.0:50070 -> 0.0.0.0:0: listen tcp 0.0.0.0:50070: bind: An attempt was made to access a socket in a way forbidden by its access permissions.',
  'listen tcp 0.0.0.0:50070: bind: 以一种访问权限不允许的方式做了一个访问套接字的尝试。',
  "error while calling PortManager.AddPort(): cannot expose privileged port 80, you can add 'net.ipv4.ip_unprivileged_port_start=80' to /etc/sysctl.conf (currently 1024)",
  'ports are not available: exposing port TCP 0.0.0.0:80 -> 127.0.0.1:0: listen tcp 0.0.0.0:80: bind: permission denied',
  'pasta failed with exit code 1: Failed to bind port 80 (Permission denied) for option -t',
];
const OTHERS = [
  "error while creating mount source path '/srv/data': mkdir /srv/data: permission denied.",
  'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
  'OCI runtime create failed: exec: "postgre": executable file not found in $PATH: unknown.',
];

test('who has a port is told from what the system forbids, and both from all else', () => {
  for (const said of TAKEN) assert.equal(portRefusal(said), 'taken', said);
  for (const said of FORBIDDEN) assert.equal(portRefusal(said), 'forbidden', said);
  for (const said of OTHERS) assert.equal(portRefusal(said), null, said);
});

test('a range of forbidden ports is left behind in a few tries; a low port in one', () => {
  const elsewhere = { local: false };
  assert.equal(afterForbidden(elsewhere, 80, 1), 1024);
  let port = 50_000;
  let tries = 1;
  for (; port < 50_100; tries += 1) port = afterForbidden(elsewhere, port, tries);
  assert.ok(tries <= 8, `${tries} tries to ${port}`);
  assert.throws(() => afterForbidden(elsewhere, 65_535, 1), /no-free-port/);
});
