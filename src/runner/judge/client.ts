/** The service's client on this machine: its version, and how it gets a password. */
import type { Service, Trust } from '../../lab/service.ts';
import { hasTool, run } from '../../shell.ts';

/** By program: asked once a process, for a client is a script that starts another program. */
const versions = new Map<string, Promise<string | null>>();

/** The version number of the service's client on this machine, like 15.18; null where there is none. */
export async function clientVersion({ client: { program } }: Service): Promise<string | null> {
  if (!hasTool(program)) return null;
  const version = versions.get(program) ?? askVersion(program);
  versions.set(program, version);
  return version;
}

async function askVersion(program: string): Promise<string | null> {
  const { stdout } = await run([program, '--version']);
  return /\b\d{1,4}(?:\.\d{1,4}){1,3}/.exec(stdout)?.[0] ?? null;
}

/** What a client's environment must have to give this password; null where it must not be given one. */
export async function clientSecrets(
  service: Service,
  password: string,
  trust: Trust,
): Promise<Record<string, string> | null> {
  return service.client.passwordEnv(password, trust, (await clientVersion(service)) ?? '');
}
