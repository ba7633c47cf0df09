/** Checks of data that outlives its container: in a volume, at the image's own target. */
import type { NoteKey } from '../content-keys.ts';
import type { Container } from '../engine/types.ts';
import { isNamedVolume } from '../engine/volumes.ts';
import type { Look } from '../lab/look.ts';
import { type Check, defineCheck } from '../lab/model.ts';
import { type Finding, met, notMet, unknown, type Verdict } from '../lab/verdict.ts';
import { CLIENT_PASSWORD, loginOf, passwordOf, SERVER_PORT, SETTINGS } from '../postgres/login.ts';
import { NOTHING, shortId, type Values } from '../values.ts';
import { insideLine, inspected, logsOf } from './evidence.ts';
import { birthOf } from './file-birth.ts';
import type { Judge } from './on-running.ts';
import { IS_LATER } from './rows.ts';
import { DATA_MADE, foundOldData } from './set-up.ts';
import { onVolumeOfItsOwn } from './shared-volume.ts';
import { SILENT_INSIDE, silentInside } from './silent-inside.ts';
import { walOutside } from './wal-place.ts';
import { ruleThatKeptOut } from './which-rule.ts';
import { NOT_RUNNING, type NotRunning } from './why-not-running.ts';

/** As `onVolumeOfItsOwn`; while the container of this name was never there, the one before it is judged. */
function onRunningOr<F extends Finding>(
  name: string,
  before: string,
  judge: (look: Look, container: Container) => Verdict<F> | Promise<Verdict<F>>,
): Judge<F | NotRunning | 'volume-shared'> {
  return async (look) => {
    const isThere = (await look.container(name)) !== null || look.formerId(name) !== null;
    const judged = isThere || (await look.container(before)) === null ? name : before;
    return onVolumeOfItsOwn(judged, judge)(look);
  };
}

/** What lies where the data is, or should be, in place of a volume with a name. */
const UNNAMED = [
  'volume-shared',
  'wrong-volume-target',
  'bind-mount',
  'data-in-memory',
  'anonymous-volume',
  'no-volume',
] as const;

type Unnamed = Exclude<(typeof UNNAMED)[number], 'volume-shared'>;

/**
 * A named volume is mounted where the image itself says that its data belongs. `before`: the container that had it
 * first; as long as the second one is not there, it is looked at. Says `volume`, its name, `target`, where it is
 * mounted, and `folder`, where the server keeps its data in it.
 * Finds `another-volume`, and what `NOT_RUNNING` and `UNNAMED` name.
 *
 *     checks: [mountedAtTarget('keeper', 'data', 'first')]
 */
export function mountedAtTarget(name: string, volume: string, before: string, id = 'mounted'): Check {
  return defineCheck({
    id,
    kind: 'mounted-at-target',
    says: ['volume', 'target', 'folder'],
    finds: [...NOT_RUNNING, ...UNNAMED, 'another-volume'],
    judge: onRunningOr(name, before, async (look, container) => {
      const evidence = inspected(container, '{{json .Mounts}}');
      const wanted = (await look.image()).volumeTargets[0] ?? '';
      const mount = container.mounts.find(({ target }) => target === wanted);
      const known = await look.volume(volume);
      const values = {
        name,
        short: shortId(container.id),
        target: wanted,
        folder: container.env.PGDATA ?? wanted,
        volume: mount?.source ?? '',
      };
      if (known && mount?.source === known) return met(values, evidence);
      if (mount && isNamedVolume(mount)) {
        return notMet('another-volume', { ...values, known: known ?? '?' }, evidence);
      }
      return notMet(...whyUnnamed(container, wanted, values, mount), evidence);
    }),
  });
}

/** Where the image keeps other things than data: a volume there was not meant for it. */
const NOT_FOR_DATA = /^\/(etc|run|var\/run|docker-entrypoint-initdb\.d)(\/|$)/;

/** `mount`: what lies in place of a named volume; undefined: nothing, the data is in the container itself. */
function whyUnnamed(
  container: Container,
  target: string,
  values: Values,
  mount: Container['mounts'][number] | undefined,
): [Unnamed, Values] {
  if (mount?.type === 'bind') return ['bind-mount', { ...values, seen: mount.source }];
  if (mount?.type === 'tmpfs') return ['data-in-memory', { ...values, seen: mount.target }];
  // A volume was given, and elsewhere: beside it, or anywhere by a slip of the keyboard.
  const missed = container.mounts.find((each) => isNamedVolume(each) && !NOT_FOR_DATA.test(each.target));
  if (missed && missed.target !== target) {
    return ['wrong-volume-target', { ...values, target, volume: missed.source, seen: missed.target }];
  }
  return [mount ? 'anonymous-volume' : 'no-volume', values];
}

/**
 * The server's data folder, as the server itself has it, lies inside a volume that has a name. Says `folder`
 * and `target`, paths inside the container.
 * Finds `data-outside-volume`, `wal-outside-volume`, and what `UNNAMED`, `NOT_RUNNING` and `SILENT_INSIDE` name.
 *
 *     checks: [dataInside('keeper', 'first')]
 */
export function dataInside(name: string, before: string, id = 'data-inside'): Check {
  return defineCheck({
    id,
    kind: 'data-inside',
    says: ['folder', 'target'],
    finds: [...NOT_RUNNING, ...SILENT_INSIDE, ...UNNAMED, 'data-outside-volume', 'wal-outside-volume'],
    judge: onRunningOr(name, before, async (look, container) => {
      const answer = await look.ask(container, 'show data_directory');
      const evidence = insideLine(container, 'show data_directory');
      const values = { name, short: shortId(container.id) };
      if (!answer.ok) return silentInside(look, container, values, answer.cause, evidence);
      const folder = answer.rows[0]?.[0] ?? '';
      const [mount] = container.mounts
        .filter(({ target }) => folder === target || folder.startsWith(`${target}/`))
        .sort((a, b) => b.target.length - a.target.length);
      if (mount && (isNamedVolume(mount) || mount.type === 'foreign')) {
        const wal = await walOutside(look, container, folder);
        if (wal === null) return met({ ...values, folder, target: mount.target }, evidence);
        return notMet('wal-outside-volume', { ...values, folder, wal }, evidence);
      }
      const wanted = (await look.image()).volumeTargets[0] ?? folder;
      const told = { ...values, target: wanted, folder, volume: '' };
      const isBesides = container.mounts.some((each) => isNamedVolume(each) && each.target === wanted);
      if (isBesides) return notMet('data-outside-volume', told, evidence);
      const where = inspected(container, '{{json .Mounts}}');
      return notMet(...whyUnnamed(container, wanted, told, mount), where);
    }),
  });
}

/**
 * This container is another one than that former one, which is gone: only the volume is the same. Where the former
 * one was never seen, the data must be older than this container; else `never-seen` (unknown). Says `was` and `is`:
 * the first 12 digits of their ids; `–` for one that was never seen.
 * Finds `volume-shared`, `never-seen`, `not-removed`, and what `NOT_RUNNING` names.
 *
 *     checks: [outlived('keeper', 'first')]
 */
export function outlived(name: string, former: string, id = 'outlived'): Check {
  return defineCheck({
    id,
    kind: 'outlived',
    says: ['was', 'is'],
    finds: [...NOT_RUNNING, 'volume-shared', 'never-seen', 'not-removed'],
    judge: onVolumeOfItsOwn(name, async (look, container) => {
      const was = look.formerId(former);
      if (!was) return outlivedUnseen(look, former, container);
      const values = { name: former, was: shortId(was), short: shortId(was), is: shortId(container.id) };
      const evidence = 'docker container ps --all --no-trunc';
      return (await look.engine.container(was))
        ? notMet('not-removed', values, evidence)
        : met(values, evidence);
    }),
  });
}

async function outlivedUnseen(
  look: Look,
  former: string,
  container: Container,
): Promise<Verdict<'never-seen'>> {
  const evidence = logsOf(container);
  const volumes = container.mounts.filter(isNamedVolume).map(({ source }) => source);
  const users = (await Promise.all(volumes.map((volume) => look.engine.usersOf(volume)))).flat();
  const isAlone = users.every((id) => id === container.id);
  if (isAlone && (await foundOldData(look, container)) && !(await isCopy(look, container))) {
    return met({ name: former, was: NOTHING, is: shortId(container.id) }, evidence);
  }
  return unknown('never-seen', { name: former }, evidence);
}

/** Whether the user was altered since the server's start: then not the volume alone has another password. */
async function wasChangedSince(look: Look, container: Container, user: string): Promise<boolean> {
  const sql = `select rolname, ${IS_LATER} from pg_authid, pg_control_checkpoint()`;
  const answer = await look.ask(container, sql);
  return answer.ok && answer.rows.some(([name, isLater]) => name === user && isLater === 't');
}

/**
 * Whether the data was copied to where it lies, and so did not outlive its container there: initdb writes this file
 * before it gives the data its mark, a copy is made after that.
 */
async function isCopy(look: Look, container: Container): Promise<boolean> {
  const answer = await look.ask(container, `${DATA_MADE}, current_setting('data_directory') as folder`);
  const [second = '', folder = ''] = answer.ok ? (answer.rows[0] ?? []) : [];
  const born = await birthOf(look, container, `${folder}/PG_VERSION`);
  return born !== null && born >= (Number(second) + 1) * 1000;
}

/**
 * The password that this container was given does not work, because the volume remembers the one it was initialised
 * with. Asked over TCP to the container's own address, where a password counts. Says `cause`, the SQLSTATE 28P01 (`–`
 * with the notes `no-new-password` and `same-password`, where it does not show), and the `rule` on `line` of pg_hba.conf
 * that asks for it; `workedOut` is `no` where the server's log has that line, else `yes`.
 * Finds `volume-shared`, `no-address`, `password-taken`, `password-changed`, and what `NOT_RUNNING` and
 * `SILENT_INSIDE` name.
 *
 *     checks: [passwordIgnored('keeper')]
 */
export function passwordIgnored(name: string, id = 'password-ignored'): Check {
  return defineCheck({
    id,
    kind: 'password-ignored',
    says: ['cause', 'line', 'rule', 'workedOut'],
    finds: [
      ...NOT_RUNNING,
      ...SILENT_INSIDE,
      'volume-shared',
      'no-address',
      'password-taken',
      'password-changed',
    ],
    judge: onVolumeOfItsOwn(name, async (look, container) => {
      const [address] = container.addresses;
      const password = passwordOf(container.env);
      const { user } = loginOf(container.env);
      const short = shortId(container.id);
      const evidence = `docker exec ${short} bash -c '${CLIENT_PASSWORD}=$${SETTINGS.password} psql -w -h $(hostname -i) -U "\${${SETTINGS.user}:-postgres}" -c "select 1"'`;
      const values = { name, short, user, cause: NOTHING };
      const isOld = await foundOldData(look, container);
      const metBy = async (told: Values, note?: NoteKey) =>
        met({ ...told, ...(await ruleThatKeptOut(look, container)) }, evidence, note);
      if (!password && isOld) return metBy(values, 'no-new-password');
      if (!address || !password) return notMet('no-address', { ...values, port: SERVER_PORT }, evidence);
      const ask = () => look.atOwnAddress(container, 'select 1');
      const answer = await ask();
      if (answer.ok) {
        if (!isOld) return notMet('password-taken', values, evidence);
        // Who asks nobody, or is given the same password twice, shows nothing, and nothing is wrong.
        const told = await ruleThatKeptOut(look, container);
        const isAsking = !/ trust$/.test(told.rule);
        return met({ ...values, ...told }, evidence, isAsking ? 'same-password' : 'asks-nobody');
      }
      if (answer.cause === '28P01') {
        // Data that this very container made knew its password once.
        return isOld && !(await wasChangedSince(look, container, user))
          ? metBy({ ...values, cause: answer.cause })
          : notMet('password-changed', values, evidence);
      }
      return silentInside(look, container, values, answer.cause, evidence, ask);
    }),
  });
}
