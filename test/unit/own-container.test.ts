/** What /proc and /etc tell of the container that we may be in, on texts as engines write them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gatewayIn, hostIn, idsIn, isListenedIn } from '../../src/engine/own-container.ts';

const ID = '52cd998a1894d7b866c4d071edf9fb2369a40e47fe79479cefbb105da9be13b6';
const mount = (root: string, target: string) =>
  `311 278 254:0 ${root} ${target} rw,relatime - ext4 /dev/vda rw`;

describe('our own container', () => {
  test('is known by what its engine mounts into it, wherever that keeps it', () => {
    const roots = [
      `/var/lib/docker/containers/${ID}/hostname`,
      `/containers/${ID}/hostname`,
      `/home/me/.local/share/containers/storage/overlay-containers/${ID}/userdata/hostname`,
    ];
    for (const root of roots) assert.deepEqual(idsIn(mount(root, '/etc/hostname'), 'web'), [ID], root);
  });

  test('is known by its host name where that is the beginning of an id', () => {
    assert.deepEqual(idsIn('', '52cd998a1894'), ['52cd998a1894']);
    assert.deepEqual(idsIn('', 'my-machine'), []);
  });

  test('is not one that runs on our machine: its mounts are elsewhere', () => {
    const onHost = mount('/', `/var/lib/docker/containers/${ID}/mounts/shm`);
    const learners = mount(`/backup/containers/${ID}/x`, '/mnt');
    assert.deepEqual(idsIn([onHost, learners].join('\n'), 'my-machine'), []);
  });
});

test('the machine around is the one that /etc/hosts names, else the gateway', () => {
  assert.equal(
    hostIn('127.0.0.1 localhost\n192.168.65.254\thost.docker.internal # by Desktop\n'),
    '192.168.65.254',
  );
  assert.equal(hostIn('10.88.0.1 host.containers.internal\n'), '10.88.0.1');
  assert.equal(
    hostIn('127.0.0.1 localhost\n#10.0.0.1 host.docker.internal\n$(id) host.docker.internal\n'),
    null,
  );
  const head = 'Iface\tDestination\tGateway \tFlags';
  assert.equal(
    gatewayIn(`${head}\neth0\t000011AC\t00000000\t0001\neth0\t00000000\t010011AC\t0003\n`),
    '172.17.0.1',
  );
  assert.equal(gatewayIn(`${head}\neth0\t000011AC\t00000000\t0001\n`), null);
});

test('a socket is listened to where the table of our network says so, and not by its clients alone', () => {
  const path = '/run/docker.sock';
  const row = (flags: string, of: string) =>
    `0000000000000000: 00000002 00000000 ${flags} 0001 01 4580426 ${of}`;
  assert.ok(isListenedIn(row('00010000', path), [path]));
  assert.ok(!isListenedIn(row('00000000', path), [path]));
  assert.ok(!isListenedIn(row('00010000', '/run/docker.sock2'), [path]));
});
