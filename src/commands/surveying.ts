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
import type { Desk } from './desk.ts';
import { engineFor } from './reach-engine.ts';

export interface Surveyor {
  engine: Engine;
  info: EngineInfo;
  /** A name of the world as a learner knows it. */
  named: (world: string) => string;
  /** The world as it is now. `clients`: who is connected is asked of each server anew, and not told as it was last. */
  look(options?: { clients: boolean }): Promise<Picture>;
}

/** Trouble as for every verb that looks: nothing is brought up. */
export async function openSurveyor(desk: Desk): Promise<Surveyor> {
  const { settings, reading, run, folders, steps, content } = desk;
  const [engine, lab] = await Promise.all([engineFor(settings), loadLab(folders)]);
  const { is, host } = await placeOf(engine, settings.publishedHost);
  const home = homeIdIn(settings.home);
  const owner = run === null || home === null ? null : { run, home, lab: lab.id };
  const { standing } = reading;
  return surveyorOf({ engine, lab, standing, owner, steps, place: { is, host }, content });
}

/** Of a run whose engine and standing are known. */
export function surveyorOf({
  lab,
  content,
  ...about
}: Omit<Surveyed, 'service' | 'clientsOf'> & { lab: Lab; content: Content }): Surveyor {
  const { engine, place } = about;
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
        ...{ ...about, service },
        clientsOf: async (container) =>
          clients && service ? clientsNow(container) : (connected.get(container.id) ?? []),
      }),
  };
}
