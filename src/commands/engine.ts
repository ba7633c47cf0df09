import { builtIn } from '../engine/built-in-folders.ts';
import { bringDown, bringUp, builtInPid } from '../engine/builtin.ts';
import { cliEnvironment } from '../engine/endpoint.ts';
import { isDockerPodman, podmanEnvironment } from '../engine/podman.ts';
import type { EngineInfo } from '../engine/types.ts';
import { shellWord } from '../grammar.ts';
import { openHome } from '../home.ts';
import { listIn } from '../lab/languages.ts';
import { emptyResult } from '../report/result.ts';
import { hasTool } from '../shell.ts';
import { Trouble } from '../trouble.ts';
import type { Desk } from './desk.ts';
import { printed } from './printed.ts';
import { endpointOf, engineFor } from './reach-engine.ts';

export type EngineVerb = 'up' | 'down' | 'status' | 'env';

/** The built-in engine up and down; which engine is in use; the line that points docker at it. */
export async function engine(desk: Desk, verb: EngineVerb): Promise<number> {
  return { up, down, status, env }[verb](desk);
}

async function up(desk: Desk): Promise<number> {
  const { settings, content, screen } = desk;
  const own = builtIn(settings.home);
  const found = await answering(desk);
  if (found && !found.builtIn) {
    return told(desk, found, { up: { started: false } }, () =>
      screen.line(content.say('messages', 'engine-there', { ...found, builtIn: '' })),
    );
  }
  openHome(settings.home);
  await bringUp(own, (line) => screen.aside(content.say('messages', 'engine-line', { line })));
  const info = (await connectOwn(own.socket)).info;
  return told(desk, info, { up: { started: true } }, () =>
    screen.line(content.say('messages', 'engine-up', { endpoint: info.endpoint, version: info.version })),
  );
}

/** What answers at the endpoint in force; null for nobody. A named endpoint that is dead is trouble. */
async function answering({ settings }: Desk): Promise<EngineInfo | null> {
  const endpoint = await endpointOf(settings);
  if (!endpoint) return null;
  const { connectEngine } = await import('../engine/connect.ts');
  try {
    return (await connectEngine(endpoint)).info;
  } catch (error) {
    if (endpoint.from === 'built-in') return null;
    throw error;
  }
}

async function connectOwn(socket: string) {
  const { connectEngine } = await import('../engine/connect.ts');
  return connectEngine({ url: `unix://${socket}`, from: 'built-in' });
}

async function down(desk: Desk): Promise<number> {
  const { settings, content, screen } = desk;
  const left = await bringDown(builtIn(settings.home));
  return told(desk, null, { down: { ended: left !== null, left: left ?? [] } }, () => {
    screen.line(content.say('messages', left === null ? 'engine-was-down' : 'engine-down'));
    if (left !== null && left.length > 0)
      screen.line(content.say('messages', 'engine-down-left', { left: listIn(content.language, left) }));
  });
}

async function status(desk: Desk): Promise<number> {
  const { content, screen, settings } = desk;
  const { info } = await engineFor(settings);
  const pid = builtInPid(builtIn(settings.home));
  return told(desk, info, { status: { pid: info.builtIn ? pid : null } }, () => {
    screen.line(content.say('messages', 'engine-status', { ...info, builtIn: '' }));
    if (info.builtIn) screen.line(content.say('messages', 'engine-built-in', { pid: pid ?? '?' }));
  });
}

async function env(desk: Desk): Promise<number> {
  const endpoint = await endpointOf(desk.settings);
  if (!endpoint) throw new Trouble('engine-none');
  const podman = hasTool('docker') && (await isDockerPodman());
  const variables = { ...cliEnvironment(endpoint), ...(podman ? podmanEnvironment(endpoint) : {}) };
  return printed(desk, emptyResult(desk.folders.id, desk.run), { env: variables }, () => {
    for (const [name, value] of Object.entries(variables))
      desk.screen.line(`export ${name}=${shellWord(value)}`);
  });
}

/** Prints the envelope, which has `engine` already, with one more key named after the verb: `up`, `env` … */
function told(desk: Desk, info: EngineInfo | null, extra: object, text: () => void): number {
  return printed(desk, { ...emptyResult(desk.folders.id, desk.run), engine: info }, extra, text);
}
