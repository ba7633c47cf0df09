/** Options of `docker run` that stand behind the image's name, where they are the server's. */
import type { Container } from '../engine/types.ts';

/** Docker's own: the server has no setting of such a name. */
const LONG =
  /^--(env|env-file|publish|volume|mount|name|network|net|restart|rm|detach|tmpfs|shm-size|memory|user|hostname)(=|$)/;

/** Short ones that the server has as well; what follows them tells whose they are. */
const SHORT: readonly [string, RegExp][] = [
  ['-e', /^(\w+=|POSTGRES_|PG)/],
  ['-p', /:/],
  ['-v', /:/],
];

/** As they were given, but for values of the environment: `-e POSTGRES_PASSWORD`, `-p 6700:5432`. */
export function optionsBehindImage({ command }: Pick<Container, 'command'>): string[] {
  return command.flatMap((word, at) => {
    if (LONG.test(word)) return [word.replace(/=.*/s, '')];
    for (const [option, meant] of SHORT) {
      if (!word.startsWith(option)) continue;
      const value = word === option ? (command[at + 1] ?? '') : word.slice(option.length);
      if (meant.test(value)) return [`${option} ${option === '-e' ? value.replace(/=.*/s, '') : value}`];
    }
    return [];
  });
}
