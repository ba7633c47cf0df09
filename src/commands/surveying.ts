/** What a look at a run's world needs, found without writing anything: the engine, where it is, and what the run knows. */
import { placeOf } from '../engine/place.ts';
import type { Container, Engine, EngineInfo } from '../engine/types.ts';
import { homeIdIn } from '../home.ts';
import type { Content } from '../lab/content.ts';
import { loadLab } from '../lab/load.ts';
import type { Client } from '../lab/look.ts';
import type { Lab } from '../lab/model.ts';
import { roleInBrief, rolesOf } from '../lab/roles.ts';
import { clientsOf } from '../runner/judge/clients.ts';
import type { Picture } from '../world/picture.ts';
import { type Surveyed, survey } from '../world/survey.ts';
import { type Desk, followRun } from './desk.ts';
import { engineFor } from './reach-engine.ts';

export interface Surveyor {
  engine: Engine;
  info: EngineInfo;
  /** A name of the world as a learner knows it. */
  named: (world: string) => string;
  /** The world as it is now. `clients`: who is connected is asked of each server anew, and not told as it was last. */
  look(options?: { clients: boolean }): Promise<Picture>;
}

/** Trouble as for every verb that looks: nothing is brought up. `isWatched`: the run may go on, or begin, between two looks. */
export async function openSurveyor(desk: Desk, { isWatched }: { isWatched: boolean }): Promise<Surveyor> {
  const { settings, folders, content } = desk;
  const [engine, lab] = await Promise.all([engineFor(settings), loadLab(folders)]);
  const { is, host } = await placeOf(engine, settings.publishedHost);
  const follow = isWatched ? followRun(desk) : () => desk;
  const known = () => {
    const { run, reading } = follow();
    const home = homeIdIn(settings.home);
    const owner = run === null || home === null ? null : { run, home, lab: lab.id };
    return { owner, standing: reading.standing };
  };
  return surveyorOf({ engine, lab, known, place: { is, host }, content });
}

interface About extends Pick<Surveyed, 'engine' | 'place'> {
  lab: Lab;
  content: Content;
  /** Whose run it is, and how that stands now: asked at each look. */
  known: () => Pick<Surveyed, 'owner' | 'standing'>;
}

export function surveyorOf({ engine, place, lab, content, known }: About): Surveyor {
  const { service } = lab.settings;
  const roles = rolesOf(lab);
  const asked = { engine, lab, local: place.is === 'here' };
  /** Who was connected when that was last asked, by the container's id. */
  const connected = new Map<string, Client[]>();
  const clientsNow = async (container: Container) => {
    const clients = await clientsOf(asked, container);
    connected.set(container.id, clients);
    return clients;
  };
  return {
    engine,
    info: engine.info,
    named: (world) => roleInBrief(roles, world, content.say.bind(content, 'messages')),
    look: ({ clients } = { clients: true }) =>
      survey({
        ...{ ...known(), engine, place, service, steps: lab.steps },
        clientsOf: async (container) =>
          clients && service ? clientsNow(container) : (connected.get(container.id) ?? []),
      }),
  };
}
