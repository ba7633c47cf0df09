import type { Container } from '../engine/types.ts';
import { isNamedVolume } from '../engine/volumes.ts';
import type { Look } from '../lab/look.ts';
import type { Check, Verdict } from '../lab/model.ts';
import { type Alive, alive } from './alive.ts';
import { foundOldData, insideLine, login, logsOf, met, notMet, short, silentInside } from './verdict.ts';

/**
 * A named volume is mounted where the image itself says that its data belongs. `before`: the container
 * that had it first; as long as the second one is not there, it is looked at.
 */
export function mountedAtTarget(name: string, volume: string, before: string, id = 'mounted'): Check {
  return {
    id,
    kind: 'mounted-at-target',
    says: ['volume', 'target', 'folder'],
    async judge(look) {
      const found = await aliveOr(look, name, before);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const evidence = `docker inspect --format '{{json .Mounts}}' ${short(container)}`;
      const wanted = (await look.image()).volumeTargets[0] ?? '';
      const mount = container.mounts.find(({ target }) => target === wanted);
      const known = await look.volume(volume);
      const values = {
        name,
        short: short(container),
        target: wanted,
        folder: container.env.PGDATA ?? wanted,
        volume: mount?.source ?? '',
      };
      if (known && mount?.source === known) return met(values, evidence);
      const named = container.mounts.filter(isNamedVolume);
      if (mount && isNamedVolume(mount))
        return notMet('another-volume', { ...values, known: known ?? '?' }, evidence);
      const elsewhere = named.find(({ target }) => isNear(target, wanted));
      if (elsewhere) return notMet('wrong-volume-target', { ...values, seen: elsewhere.target }, evidence);
      if (mount?.type === 'bind') return notMet('bind-mount', { ...values, seen: mount.source }, evidence);
      return notMet(mount ? 'anonymous-volume' : 'no-volume', values, evidence);
    },
  };
}

/** The container of this name if it runs; while it was never there, the one before it. */
async function aliveOr(look: Look, name: string, before: string): Promise<Alive> {
  const isThere = (await look.container(name)) !== null || look.formerId(name) !== null;
  return alive(look, isThere || (await look.container(before)) === null ? name : before);
}

/** One lies inside the other: meant for the data, and missed. */
function isNear(target: string, wanted: string): boolean {
  return target.startsWith(`${wanted}/`) || wanted.startsWith(`${target}/`);
}

/**
 * This container is another one than that former one, which is gone: only the volume is the same.
 * Where the former one was never seen, the data must be older than this container.
 */
export function outlived(name: string, former: string, id = 'outlived'): Check {
  return {
    id,
    kind: 'outlived',
    says: ['was', 'is'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const was = look.formerId(former);
      if (!was) return outlivedUnseen(look, former, found.container);
      const values = {
        name: former,
        was: was.slice(0, 12),
        short: was.slice(0, 12),
        is: short(found.container),
      };
      const evidence = `docker container ps --all --no-trunc`;
      return (await look.engine.container(was))
        ? notMet('not-removed', values, evidence)
        : met(values, evidence);
    },
  };
}

async function outlivedUnseen(look: Look, former: string, container: Container): Promise<Verdict> {
  const evidence = logsOf(container);
  const volumes = container.mounts.filter(isNamedVolume).map(({ source }) => source);
  const users = (await Promise.all(volumes.map((volume) => look.engine.usersOf(volume)))).flat();
  const isAlone = users.every((id) => id === container.id);
  if (isAlone && (await foundOldData(look, container))) {
    return met({ name: former, was: '–', is: short(container) }, evidence);
  }
  return { outcome: 'unknown', values: { name: former }, finding: 'never-seen', evidence };
}

/**
 * The password that this container was given does not work, because the volume remembers the one it
 * was initialised with. Asked over TCP to the container's own address, where a password counts.
 */
export function passwordIgnored(name: string, id = 'password-ignored'): Check {
  return {
    id,
    kind: 'password-ignored',
    says: ['cause'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const [address] = container.addresses;
      const password = container.env.POSTGRES_PASSWORD;
      const { user } = login(container);
      const line = `docker exec ${short(container)} bash -c 'PGPASSWORD=$POSTGRES_PASSWORD psql -w -h $(hostname -i) -U "\${POSTGRES_USER:-postgres}" -c "select 1"'`;
      const values = { name, short: short(container), user, cause: '–' };
      const isOld = await foundOldData(look, container);
      if (!password && isOld) return met(values, line, 'no-new-password');
      if (!address || !password) return notMet('no-address', { ...values, port: 5432 }, line);
      const answer = await look.atOwnAddress(container, 'select 1');
      if (answer.ok) {
        // The same password twice: nothing shows, and nothing is wrong.
        return isOld ? met(values, line, 'same-password') : notMet('password-taken', values, line);
      }
      return answer.cause === '28P01'
        ? met({ ...values, cause: answer.cause }, line)
        : silentInside(look, container, values, answer.cause, line);
    },
  };
}

/** The server's data folder, as the server itself has it, lies inside the mounted volume. */
export function dataInside(name: string, before: string, id = 'data-inside'): Check {
  return {
    id,
    kind: 'data-inside',
    says: ['folder', 'target'],
    async judge(look) {
      const found = await aliveOr(look, name, before);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const answer = await look.ask(container, 'show data_directory');
      const evidence = insideLine(container, 'show data_directory');
      const values = { name, short: short(container) };
      if (!answer.ok) return silentInside(look, container, values, answer.cause, evidence);
      const folder = answer.rows[0]?.[0] ?? '';
      const mount = container.mounts
        .filter(({ target }) => folder === target || folder.startsWith(`${target}/`))
        .sort((a, b) => b.target.length - a.target.length)[0];
      if (!mount) {
        const wanted = (await look.image()).volumeTargets[0] ?? folder;
        const isElsewhere = container.mounts.some(({ target }) => target === wanted);
        const told = { ...values, target: wanted, folder, volume: '' };
        return notMet(isElsewhere ? 'data-outside-volume' : 'no-volume', told, evidence);
      }
      return met({ ...values, folder, target: mount.target }, evidence);
    },
  };
}
