/** Who answers at a published port, and why nobody does: the server in the container, another one, or a deaf one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNotAnswered } from '../../src/checks/why-not-answered.ts';
import type { Container } from '../../src/engine/types.ts';
import {
  answers,
  answersInside,
  connectedOverTcp,
  differentMajors,
  keepsAnswering,
  majorsCompared,
  promises,
} from '../../src/kit.ts';
import type { Look } from '../../src/lab/look.ts';
import type { Answer, Session, Target } from '../../src/lab/service.ts';
import { containerWith } from '../container-with.ts';

const OWN = ['7711', '1700000000.5'];
const FOREIGN = ['7711', '1700000001.5'];

const container = (over: Partial<Container> = {}): Container =>
  containerWith({
    env: { POSTGRES_PASSWORD: 'secret' },
    bindings: [{ containerPort: 5432, hostIp: '0.0.0.0', hostPort: 6701 }],
    ...over,
  });

const rows = (...row: string[]): Answer => ({ ok: true, rows: [row] });
const no = (cause: string): Answer => ({ ok: false, cause, message: '' });

/** A world of this one container, whose server has the mark `OWN`; through its port comes what `through` makes of a query. */
function lookAt(through: (sql: string) => Answer, over: Partial<Look> = {}, there = container()): Look {
  return {
    container: async () => there,
    formerId: () => null,
    otherEngine: async () => null,
    engine: { logs: async () => '', container: async () => there },
    values: { port: 6701 },
    host: '127.0.0.1',
    local: false,
    proven: false,
    learnersPassword: null,
    trust: () => ({ isOfRun: true, isTheirs: false, md5: false }),
    query: async ({ password }: Target, sql: string) =>
      password === undefined ? no('no-password') : through(sql),
    serverMark: async () => rows(...OWN),
    inside: async () => no('failed'),
    ran: () => ({ exitCode: 0, output: '', stdout: '' }),
    clients: async () => [],
    clientVersion: async () => '15.18',
    ...over,
  } as unknown as Look;
}

/** A server of this mark, whatever it is asked beside it. */
const serverOf =
  (mark: string[]) =>
  (sql: string): Answer =>
    rows(...(sql.includes('server_version_num') ? ['17.12', '17'] : ['17.12']), ...mark);

for (const check of [
  answers('mapped'),
  connectedOverTcp('mapped', 'case-3', 'connected'),
  differentMajors('mapped', 'mapped'),
  majorsCompared('mapped'),
]) {
  test(`${check.kind} hears only the server in the container`, async () => {
    const own = await check.judge(lookAt(serverOf(OWN)));
    assert.ok(own.finding === undefined || own.finding === 'same-major', own.finding);
    const other = await check.judge(lookAt(serverOf(FOREIGN)));
    assert.equal(other.finding, 'another-server');
    const silent = await check.judge(lookAt(serverOf(OWN), { serverMark: async () => no('failed') }));
    assert.equal(silent.finding, 'no-answer-inside');
    assert.ok(check.finds?.includes('another-server') && check.finds.includes('no-answer-inside'));
  });
}

test('an image whose volume is for something else does not say where data belongs', async () => {
  const finding = async (target: string) => {
    const image = {
      id: 'sha256:1',
      volumeTargets: [target],
      env: { PGDATA: '/var/lib/postgresql/18/docker' },
    };
    const look = { values: { image: 'mine' }, engine: { image: async () => image } } as unknown as Look;
    return (await promises().judge(look)).finding ?? 'met';
  };
  assert.equal(await finding('/var/lib/postgresql'), 'met');
  for (const target of ['/backup', '/var/lib/postgresql/18/docker/wal', '/var/lib/post'])
    assert.equal(await finding(target), 'image-not-postgres', target);
});

test('what another server on the port goes through is not watched', async () => {
  const ended: string[] = [];
  const session = (mark: string[]): Session => ({
    ask: async (sql) => (sql.includes('postmaster_start') ? rows(...mark) : rows('1')),
    end: async () => void ended.push(mark.join()),
  });
  const watch = keepsAnswering('mapped').watch as NonNullable<ReturnType<typeof keepsAnswering>['watch']>;
  const lookWith = (mark: string[]) => lookAt(serverOf(mark), { session: async () => session(mark) });
  const foreign = await watch(lookWith(FOREIGN));
  await foreign?.();
  assert.equal(foreign, null);
  assert.deepEqual(ended, [FOREIGN.join()], 'and its connection is given back');
  const stop = await watch(lookWith(OWN));
  assert.ok(Number((await stop?.())?.asked) > 0);
});

test('a server elsewhere that listens inside alone is told as that, before the way to it is doubted', async () => {
  const listens = (addresses: string) =>
    lookAt(() => no('ECONNREFUSED'), { inside: async () => rows(addresses) });
  for (const addresses of ['localhost', '127.0.0.1', '']) {
    const { finding } = await whyNotAnswered(listens(addresses), container(), 6701, 'ECONNREFUSED');
    assert.equal(finding, 'listens-inside-only', addresses);
  }
  for (const addresses of ['*', '0.0.0.0', 'localhost, 0.0.0.0'])
    await assert.rejects(whyNotAnswered(listens(addresses), container(), 6701, 'ECONNREFUSED'), {
      code: 'port-elsewhere',
    });
});

test('how a password is to be asked for, and what prints it, is what this server and this container take', async () => {
  const asks = (methods: string) => lookAt(() => no(''), { inside: async () => rows(methods) });
  const told = async (env: Record<string, string>, cause: string) =>
    whyNotAnswered(asks('password'), container({ env }), 6701, cause);
  const old = await told({ PG_MAJOR: '13', POSTGRES_PASSWORD: 'secret' }, 'asked-for-cleartext');
  assert.deepEqual([old.finding, old.values.better], ['asked-in-clear', 'md5']);
  const today = await told({ PG_MAJOR: '17', POSTGRES_PASSWORD: 'secret' }, 'asked-for-cleartext');
  assert.deepEqual([today.finding, today.values.better], ['asked-in-clear', 'scram-sha-256']);
  const byFile = { PG_MAJOR: '17', POSTGRES_PASSWORD_FILE: '/run/secrets/a b' };
  const again = (await told(byFile, 'asked-for-md5')).values.again;
  assert.equal(again, "docker exec cccccccccccc cat '/run/secrets/a b'");
  const byValue = await told({ PG_MAJOR: '17', POSTGRES_PASSWORD: 'secret' }, 'asked-for-md5');
  assert.deepEqual(
    [byValue.finding, byValue.values.again],
    ['asked-by-md5', 'docker exec cccccccccccc printenv POSTGRES_PASSWORD'],
  );
});

test('a server that began before its container was started is another one, whose socket lies there', async () => {
  const began = (at: string) => rows('17', '17.12', '7711', '*', String(Date.parse(at) / 1000));
  const judged = async (at: string) =>
    (await answersInside('quiet').judge(lookAt(() => no(''), { inside: async () => began(at) }))).finding ??
    'met';
  assert.equal(await judged('2026-01-01T00:00:01Z'), 'met');
  assert.equal(await judged('2025-12-31T23:59:50Z'), 'no-answer-inside');
});
