/** What a row needs beside the engine and the images of the tests; it goes when the row is over. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openApart } from '../apart.ts';
import { outputOf } from '../lab.ts';
import { openRelay } from '../relay.ts';
import type { Hands } from './hands.ts';

export const HEARD = '/tmp/heard';

/** Another engine than the one of the tests, in a network of its own. Returns its address. */
export async function secondEngine({ atEnd }: Hands): Promise<string> {
  const apart = await openApart();
  atEnd(() => apart.end());
  const { code, stderr } = await apart.pglab('engine', 'up');
  if (code !== 0) throw new Error(`no second engine: ${stderr}`);
  return apart.lab.env.DOCKER_HOST as string;
}

/** The same engine as if it were on another machine: by an address that is no loopback's. Returns it. */
export async function farAway({ atEnd, lab }: Hands): Promise<string> {
  const relay = await openRelay('tcp', (lab.env.DOCKER_HOST ?? '').replace('unix://', ''));
  atEnd(() => relay.close());
  return relay.url;
}

/** An image with `sleep` in it and nothing else: no port is announced, no folder named. Returns its name. */
export async function bareImage({ docker, image, major, lab }: Hands): Promise<string> {
  const name = `mutants-bare:${major}`;
  // Imported anew it would have another id, and the old one no name by which it could be removed.
  if ((await docker('image', 'ls', '--quiet', name)) !== '') return name;
  const pack = 'tar -chPf - /bin/sleep $(ldd /bin/sleep | grep -o "/[^ ]*")';
  const line = `docker run --rm --entrypoint bash ${image} -c '${pack}' | docker import - ${name}`;
  await outputOf('bash', ['-o', 'pipefail', '-c', line], lab.env);
  return name;
}

/** A container that asks each client for a password in clear text, and keeps in `HEARD` what it gets. Returns its id. */
export async function askingInClear(
  { docker, run }: Pick<Hands, 'docker' | 'run'>,
  flags: readonly string[],
): Promise<string> {
  const serve = `my $s = IO::Socket::INET->new(LocalPort => 5432, Listen => 9, ReuseAddr => 1) or die;
    while (my $c = $s->accept) { sysread $c, my $hello, 4096;
      if (length $hello == 8) { syswrite $c, "N"; sysread $c, $hello, 4096 } syswrite $c, pack("aNN", "R", 8, 3); sysread $c, my $said, 4096;
      open my $heard, ">>", "${HEARD}"; print $heard $hello, $said; close $heard; close $c }`;
  const id = await run([...flags, '--entrypoint', 'perl'], ['-MIO::Socket::INET', '-e', serve]);
  const isUp = () => docker('exec', id, 'bash', '-c', ': < /dev/tcp/127.0.0.1/5432').catch(() => null);
  while ((await isUp()) === null) await sleep(50);
  return id;
}
