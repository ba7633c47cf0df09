/** Whether an engine sees this machine's folders: what its refusals say of that, and what they do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type Docker from 'dockerode';
import { mountableOf } from '../../src/engine/mountable.ts';
import { Trouble } from '../../src/trouble.ts';

const refused = (statusCode: number) => Object.assign(new Error('refused'), { statusCode });

/** An engine that answers the two questions, with and without the mount, in these ways; null: it makes the container. */
function engineThat(withMount: Error | null, plain: Error | null = null) {
  const removed: string[] = [];
  const docker = {
    async createContainer({ HostConfig }: Docker.ContainerCreateOptions) {
      const error = HostConfig?.Mounts ? withMount : plain;
      if (error) throw error;
      return { id: 'a'.repeat(64) };
    },
    getContainer: (id: string) => ({ remove: async () => void removed.push(id) }),
  };
  const guard = async <T>(work: Promise<T>) =>
    work.catch((error: unknown) => {
      throw new Trouble('engine-unreachable', { why: String(error) });
    });
  return { removed, canMount: mountableOf(docker as unknown as Docker, guard).canMount };
}

const ask = (engine: ReturnType<typeof engineThat>) => engine.canMount('/somewhere', 'postgres', {});

test('a folder that can be mounted leaves nothing behind', async () => {
  const engine = engineThat(null);
  assert.equal(await ask(engine), true);
  assert.equal(engine.removed.length, 1);
});

test('a refusal of the folder alone is a no, whichever number an engine gives it', async () => {
  for (const status of [400, 403, 500, 503]) {
    const engine = engineThat(refused(status));
    assert.equal(await ask(engine), false, String(status));
    assert.equal(engine.removed.length, 1, 'the one without the mount is gone as well');
  }
});

test('an engine that fails at everything says nothing of folders: that is trouble', async () => {
  for (const status of [500, 503, 507])
    await assert.rejects(ask(engineThat(refused(status), refused(status))), Trouble, String(status));
});

test('no such image, or no answer at all, is no word on folders', async () => {
  await assert.rejects(ask(engineThat(refused(404))), Trouble);
  await assert.rejects(ask(engineThat(new Error('ECONNRESET'))), Trouble);
});
