/** Postgres as a service of a lab: all that the core has to know of it. */
import type { Service } from '../lab/service.ts';
import {
  CLIENT_PASSWORD,
  hasPassword,
  knowsMd5Only,
  loginOf,
  majorOf,
  misspeltPassword,
  passwordEnv,
  passwordLine,
  passwordOf,
  SERVER_PORT,
  SETTINGS,
} from './login.ts';
import { isAskedByUs, VISITS } from './own-queries.ts';
import { allRefused, listeningPort } from './said-in-log.ts';
import { markOf } from './server-mark.ts';
import { foundDataFirst, READY_LINE, wasCutOff } from './setup-log.ts';
import { socketFiles } from './sockets.ts';
import { refusalOf } from './sqlstate.ts';
import { stageIn, turnedAwayIn } from './stage-in-log.ts';

/**
 * The service of a lab whose containers run the official image or one like it.
 *
 *     export default defineLab({ image: 'postgres', ports: { port: 6700 }, service: postgres });
 */
export const postgres: Service = {
  port: SERVER_PORT,
  // Up to major 17, and of images that name no volume; else the image itself says where.
  dataTarget: '/var/lib/postgresql/data',
  container: {
    ...{ settings: SETTINGS, probe: 'pg_isready', majorOf, knowsMd5Only, loginOf },
    ...{ passwordOf, passwordLine, misspeltPassword, hasPassword, isAskedByUs },
  },
  log: {
    ...{ ready: READY_LINE, refusal: /\bFATAL: /, foundData: foundDataFirst, wasCutOff },
    ...{ stage: stageIn, listensOn: listeningPort, refused: allRefused, turnedAway: turnedAwayIn },
  },
  // Loaded when a server is first asked: the driver is on no path that only lists or shows.
  server: {
    query: async (...asked) => (await import('./query.ts')).query(...asked),
    openSession: async (target) => (await import('./query.ts')).openSession(target),
    warmUp: async () => (await import('./query.ts')).warmUp(),
    queryInside: async (...asked) => (await import('./psql.ts')).queryInside(...asked),
    mark: markOf,
    peersInside: async (...asked) => (await import('./psql.ts')).peersInside(...asked),
    visits: VISITS,
    refusalOf,
  },
  client: {
    program: 'psql',
    passwordEnv,
    flags: ['-X', '-w'],
    patience: { PGCONNECT_TIMEOUT: '10' },
    passwordName: CLIENT_PASSWORD,
    socketFiles,
    missing: { note: 'no-psql', message: 'doctor-no-psql' },
  },
};
