/** Whether an engine sees this machine's folders: one elsewhere, in a box of its own or told not to does not. */
import type Docker from 'dockerode';
import { type Guard, gone, statusOf } from './answers.ts';
import { idOf } from './normalise.ts';
import type { Engine } from './types.ts';

export function mountableOf(docker: Docker, guard: Guard): Pick<Engine, 'canMount'> {
  return {
    async canMount(folder, image, labels) {
      // Asked for by `Mounts`, a folder that is not there is refused; by `Binds`, the engine would make an empty one.
      const mount = { Type: 'bind' as const, Source: folder, Target: '/pglab-folder', ReadOnly: true };
      const plain = { Image: image, Labels: labels, Cmd: ['true'] };
      const make = async (wanted: Docker.ContainerCreateOptions) => {
        const made = await docker.createContainer(wanted);
        await gone(docker.getContainer(idOf(made.id, 'container id')).remove({ force: true, v: true }));
      };
      const refusal = await guard(refusalOf(make({ ...plain, HostConfig: { Mounts: [mount] } })));
      if (refusal === null) return true;
      // One that makes nothing at all, for want of room, says nothing of folders.
      await guard(make(plain));
      return false;
    },
  };
}

/** Each engine has words of its own for it; that there is no such image (404) is no answer. */
async function refusalOf(work: Promise<void>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => {
      const status = statusOf(error);
      if (status === undefined || status === 404) throw error;
      return error;
    },
  );
}
