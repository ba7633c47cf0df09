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
      const wanted = { Image: image, Labels: labels, Cmd: ['true'], HostConfig: { Mounts: [mount] } };
      const made = await guard(refusedIsNull(docker.createContainer(wanted)));
      if (made === null) return false;
      await guard(gone(docker.getContainer(idOf(made.id, 'container id')).remove({ force: true, v: true })));
      return true;
    },
  };
}

/** Each engine has words of its own for it; that there is no such image (404) is no answer. */
async function refusedIsNull<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error) => {
    const status = statusOf(error);
    if (status === undefined || status === 404) throw error;
    return null;
  });
}
