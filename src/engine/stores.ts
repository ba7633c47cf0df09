/** What outlives a container: volumes, networks, and how much room it all takes. */
import { isIPv4 } from 'node:net';
import type Docker from 'dockerode';
import { isGivenName } from '../names.ts';
import { messageOf, Trouble } from '../trouble.ts';
import { absentIsNull, type Guard, gone, statusOf } from './answers.ts';
import { asFilter, hasLabels, labelsOf, networkIdOf } from './normalise.ts';
import { listIn, textOf } from './sound-answers.ts';
import type { Engine } from './types.ts';
import { isAnonymous } from './volumes.ts';

type OfStores = Pick<
  Engine,
  'volumes' | 'networks' | 'sizes' | 'publishesOn' | 'removeVolume' | 'removeNetwork'
>;

/** What `dockerd --ip` comes to: an option of the network that containers are on by default. */
const HOST_BINDING = 'com.docker.network.bridge.host_binding_ipv4';

export function storesOf(docker: Docker, guard: Guard): OfStores {
  return {
    async volumes(labels = {}) {
      const answer = await guard(docker.listVolumes({ filters: asFilter(labels) as never }));
      const found = listIn('list of volumes', answer?.Volumes).map((volume) => ({
        name: textOf(volume.Name),
        labels: labelsOf(volume.Labels),
        anonymous: isAnonymous(textOf(volume.Name)),
      }));
      // A volume driver may give names that fit no grammar of Docker's: such volumes are left out.
      return found.filter((volume) => isGivenName(volume.name) && hasLabels(volume.labels, labels));
    },
    async networks(labels) {
      const found = await guard(docker.listNetworks({ filters: asFilter(labels) as never }));
      return listIn('list of networks', found)
        .map(({ Id, Name, Labels }) => ({
          id: networkIdOf(Id),
          name: textOf(Name),
          labels: labelsOf(Labels),
        }))
        .filter((network) => hasLabels(network.labels, labels));
    },
    async sizes() {
      const used = (await guard(docker.df(), Infinity)) as DiskUsage | null;
      const containers = listIn('list of sizes', used?.Containers);
      const volumes = listIn('list of sizes', used?.Volumes);
      return new Map([
        ...containers.map(({ Id, SizeRw }) => [Id, Number(SizeRw) || 0] as const),
        ...volumes.map(({ Name, UsageData }) => [Name, Number(UsageData?.Size) || 0] as const),
      ]);
    },
    async publishesOn() {
      const bridge = await guard(absentIsNull(docker.getNetwork('bridge').inspect()));
      const address = (bridge?.Options as Record<string, string> | null | undefined)?.[HOST_BINDING] ?? '';
      return isIPv4(address) && address !== '0.0.0.0' ? address : null;
    },
    removeVolume: (name) =>
      guard(gone(docker.getVolume(name).remove())).catch((error) => {
        if (statusOf(error) !== 409) throw error;
        throw new Trouble('volume-in-use', { name, why: messageOf(error) }, { cause: error });
      }),
    removeNetwork: (id) => guard(gone(docker.getNetwork(id).remove())),
  };
}

interface DiskUsage {
  Containers?: { Id: string; SizeRw?: number }[] | null;
  Volumes?: { Name: string; UsageData?: { Size: number } }[] | null;
}
