/** Ways on from findings of a published port, of who answers there, and of passwords. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FindingKey } from '../../../src/content-keys.ts';
import { outputOf } from '../lab.ts';
import { openShell } from '../pty.ts';
import { SERVER } from './clients.ts';
import { PASSWORD } from './hands.ts';
import { anew, answering, assertIncludes, containersOf, paste, REMOVED, removeAll, type Way } from './way.ts';

const published = anew((told) => told.words(/-p \d+:5432/));
/** psql from this machine, by the line in the text, for as long as the row lasts. */
const throughPort: Way = {
  async go(hands, told) {
    hands.stays('bash', ['-c', told.cut(/psql -h 127\.0\.0\.1 -p \d+ -U postgres/)], {
      PGPASSWORD: PASSWORD,
    });
    const through =
      "select count(*) from pg_stat_activity where application_name = 'psql' and client_addr is not null and client_addr <> '127.0.0.1'";
    while (Number(await hands.sql(SERVER, through)) < 1) await sleep(50);
  },
};

/** Typed at the prompts of psql in a terminal: the password that is to count. */
const newPassword = (command: RegExp, first: readonly (readonly [RegExp, string])[] = []): Way => ({
  ofRun: true,
  async go({ lab, folder }, told) {
    const session = openShell(lab, 'bash', ['--norc', '-c', told.cut(command)], folder);
    const asked = [
      [/new password/, PASSWORD],
      [/again/, PASSWORD],
    ] as const;
    const last = first.length > 0 ? ([[/=# /, '\\q']] as const) : [];
    for (const [prompt, typed] of [...first, ...asked, ...last]) {
      await session.sees(prompt);
      session.types(`${typed}\r`);
    }
    await session.ends();
    return { env: { PGPASSWORD: PASSWORD } };
  },
});

const ownPassword: Way = {
  ofRun: true,
  async go(_hands, told) {
    told.cut(/read -rs PGPASSWORD && export PGPASSWORD takes the first password/);
    return { env: { PGPASSWORD: PASSWORD } };
  },
};

export const OF_PORTS = {
  'network-without-ports': published,
  'port-not-published': published,
  'other-host-port': published,
  'other-container-port': published,
  'ports-swapped': published,
  'server-on-another-port': anew((_told, hands) => hands.published()),
  'only-ipv6': published,
  'only-udp': published,
  'only-one-address': published,
  'listens-inside-only': {
    async go(hands, told) {
      await told.paste(REMOVED);
      await hands.ready(await hands.runOld(hands.published(), told.words(/-c listen_addresses='\*'/)));
    },
  },
  'still-initialising': {
    async go(hands, told) {
      told.cut(/Wait for “ready to accept connections” from process 1/);
      await hands.goesOn();
      await answering(hands);
    },
  },
  'too-many-connections': paste(/docker restart [0-9a-f]{12}/),
  'nobody-listens': paste(/docker restart [0-9a-f]{12}/),
  'port-open-not-ready': anew((_told, hands) => hands.published()),
  'wrong-user': anew((_told, hands) => hands.published()),
  'wrong-password': newPassword(/docker exec -it [0-9a-f]{12} psql -U postgres -d postgres/, [
    [/=# /, '\\password'],
  ]),
  'asked-in-clear': {
    async go(_hands, told) {
      await told.paste(/docker exec [0-9a-f]{12} sh -c 'sed [^']+'/);
      await told.paste(/docker exec [0-9a-f]{12} psql -U \S+ -d postgres -c 'select pg_reload_conf\(\)'/);
    },
  },
  'asked-by-md5': newPassword(/docker exec -it [0-9a-f]{12} psql .* -c '\\password'/),
  'access-rule-refuses': {
    async go(hands, told) {
      const [id = ''] = await containersOf(hands);
      assertIncludes(
        await told.paste(/docker exec [0-9a-f]{12} psql -U \S+ -c 'table pg_hba_file_rules'/),
        'reject',
      );
      const rule = told.cut(/host all all all scram-sha-256/);
      const rules = `local all all trust\nhost all all 127.0.0.1/32 trust\n${rule}\n`;
      await writeFile(join(hands.folder, 'rules.conf'), rules);
      await hands.sql(id, `select ${told.cut(/pg_reload_conf\(\)/)}`);
    },
  },
  'missing-database': {
    async go(_hands, told) {
      await told.paste(/docker exec [0-9a-f]{12} createdb -U \S+ [^\s;]+/);
    },
  },
  'password-not-given': ownPassword,
  'old-password-counts': ownPassword,
  'same-major': {
    async go(hands, told) {
      told.cut(/Start the second from another image/);
      const flags = ['-e', `POSTGRES_PASSWORD=${PASSWORD}`, ...hands.published(hands.port + 2)];
      await hands.ready(
        await hands.docker('run', '-d', ...flags, hands.major === 15 ? 'postgres:17' : 'postgres:15'),
      );
    },
  },
  'port-held-by-container': {
    async go(hands, told) {
      await told.paste(REMOVED);
      await hands.docker('stop', '-t', '0', told.cut(/(?<=then stop )\S+(?=,)/));
      await hands.ready(await hands.runOld(hands.published()));
    },
  },
  'port-held-by-needed': {
    async go(hands, told) {
      await told.paste(REMOVED);
      told.cut(/then publish on another port\. Leave \S+ running/);
      const flags = ['-e', `POSTGRES_PASSWORD=${PASSWORD}`, ...hands.published(hands.port + 2)];
      await hands.ready(await hands.docker('run', '-d', ...flags, 'postgres:15'));
    },
  },
  'port-held-by-process': {
    async go(hands, told) {
      await told.paste(REMOVED);
      told.cut(/or publish on another port/);
      await hands.ready(await hands.runOld(hands.published(hands.port + 40)));
    },
  },
  'port-held-by-postgres': {
    async go(hands, told) {
      await told.paste(REMOVED);
      told.cut(/then publish on another port/);
      await hands.ready(await hands.runOld(hands.published(hands.port + 40)));
    },
  },
  'no-answer': anew((_told, hands) => hands.published()),
  'another-server': {
    async go(hands, told) {
      told.cut(/or publish on another port/);
      const [, own = ''] = await containersOf(hands);
      await hands.docker('rm', '-f', own);
      await hands.ready(await hands.runOld(hands.published(hands.port + 40)));
    },
  },
  'socket-found': {
    async go(hands, told) {
      told.cut(/Publish on another port/);
      await removeAll(hands);
      await hands.ready(await hands.runOld(hands.published(hands.port + 40)));
    },
  },
  'trust-outside': {
    async go(hands, told) {
      told.cut(/remove it with its volume/);
      await removeAll(hands);
      const password = told.cut(/export POSTGRES_PASSWORD=\w+/);
      const line = `docker run -d -e POSTGRES_INITDB_ARGS=--no-sync ${told.cut(/-e POSTGRES_PASSWORD(?= |$|\.)/)}`;
      const run = `${password}; ${line} ${hands.published().join(' ')} ${hands.image}`;
      await hands.ready(await outputOf('bash', ['-c', run], hands.lab.env));
    },
  },
  'connected-through-socket': throughPort,
  'connected-through-loopback': throughPort,
  'connected-to-own-address': throughPort,
  'connected-from-sibling': throughPort,
} satisfies Partial<Record<FindingKey, Way>>;
