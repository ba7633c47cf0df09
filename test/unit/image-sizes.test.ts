/** The size of an image is that of `docker image ls`, in whichever store it lies. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type Docker from 'dockerode';
import { imagesOf } from '../../src/engine/images.ts';

const ID = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;

/** As Docker 28 answers: to `inspect` what was packed, in the list what packed and unpacked take together. */
function engineThat(
  keepsPacked: boolean,
  listed = [
    { Id: OTHER, Size: 1 },
    { Id: ID, Size: 259_000_000 },
  ],
) {
  let lists = 0;
  const docker = {
    getImage: (name: string) => ({
      inspect: async () => ({ Id: name === OTHER ? OTHER : ID, Size: 64_300_000, Created: '', Config: {} }),
    }),
    async listImages() {
      lists += 1;
      return listed;
    },
  };
  const guard = async <T>(work: Promise<T>) => work;
  const images = imagesOf(docker as unknown as Docker, guard, { podman: false, keepsPacked });
  return { images, lists: () => lists };
}

test('with the containerd store it is that of the list, asked for one image or for all', async () => {
  const { images } = engineThat(true);
  assert.equal((await images.image('postgres'))?.size, 259_000_000);
  assert.deepEqual(
    (await images.images()).map(({ size }) => size),
    [1, 259_000_000],
  );
});

test('an image that the list does not have keeps its own, and another store is not asked for a list', async () => {
  assert.equal((await engineThat(true, []).images.image('postgres'))?.size, 64_300_000);
  const plain = engineThat(false);
  assert.equal((await plain.images.image('postgres'))?.size, 64_300_000);
  assert.equal(plain.lists(), 0);
});
