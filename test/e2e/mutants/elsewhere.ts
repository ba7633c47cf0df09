/** What a row needs beside the engine and the images of the tests; it goes when the row is over. */
import { openApart } from '../apart.ts';
import { outputOf } from '../lab.ts';
import { openRelay } from '../relay.ts';
import type { Hands } from './hands.ts';

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
