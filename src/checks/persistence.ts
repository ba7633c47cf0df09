import type { Check } from '../lab/model.ts';
import { alive, insideLine, login, met, notMet, short } from './alive.ts';

/** A named volume is mounted where the image itself says that its data belongs. */
export function mountedAtTarget(name: string, volume: string, id = 'mounted'): Check {
  return {
    id,
    kind: 'mounted-at-target',
    says: ['volume', 'target', 'folder'],
    async judge(look) {
      const found = await alive(look, name);
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
      const elsewhere = container.mounts.find(({ source }) => source === known);
      if (elsewhere) return notMet('wrong-volume-target', { ...values, seen: elsewhere.target }, evidence);
      if (mount?.type === 'bind') return notMet('bind-mount', { ...values, seen: mount.source }, evidence);
      return notMet(mount ? 'anonymous-volume' : 'no-volume', values, evidence);
    },
  };
}

/** This container is another one than that former one, which is gone: only the volume is the same. */
export function outlived(name: string, former: string, id = 'outlived'): Check {
  return {
    id,
    kind: 'outlived',
    says: ['was', 'is'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const was = look.formerId(former);
      if (!was)
        return {
          outcome: 'unknown',
          values: { name: former },
          finding: 'never-seen',
          evidence: 'docker container ps --all',
        };
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
      const line = `docker exec ${short(container)} bash -c 'PGPASSWORD=$POSTGRES_PASSWORD psql -w -h $(hostname -i) -U ${user} -c "select 1"'`;
      const values = { name, short: short(container), user };
      if (!address || !password) return notMet('password-not-given', { ...values, port: 5432 }, line);
      const answer = await look.atOwnAddress(container, 'select 1');
      if (answer.ok) return notMet('password-taken', values, line);
      return answer.cause === '28P01'
        ? met({ ...values, cause: answer.cause }, line)
        : notMet('no-answer-inside', { ...values, cause: answer.cause }, line);
    },
  };
}

/** The server's data folder, as the server itself has it, lies inside the mounted volume. */
export function dataInside(name: string, id = 'data-inside'): Check {
  return {
    id,
    kind: 'data-inside',
    says: ['folder', 'target'],
    async judge(look) {
      const found = await alive(look, name);
      if ('verdict' in found) return found.verdict;
      const { container } = found;
      const answer = await look.ask(container, 'show data_directory');
      const evidence = insideLine(container, 'show data_directory');
      const values = { name, short: short(container) };
      if (!answer.ok) return notMet('no-answer-inside', { ...values, cause: answer.cause }, evidence);
      const folder = answer.rows[0]?.[0] ?? '';
      const mount = container.mounts
        .filter(({ target }) => folder === target || folder.startsWith(`${target}/`))
        .sort((a, b) => b.target.length - a.target.length)[0];
      if (!mount) return notMet('no-volume', { ...values, target: folder, volume: '' }, evidence);
      return met({ ...values, folder, target: mount.target }, evidence);
    },
  };
}
