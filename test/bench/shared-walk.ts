/**
 * The walk that is measured beside the script by hand: the lab of the article with the commands that the script has
 * as well. What the lab shows beyond them is left out of both sides.
 */
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labFolders, stepFiles } from '../../src/lab/find.ts';
import { loadLab } from '../../src/lab/load.ts';
import type { Command } from '../../src/lab/model.ts';

/** A command of the lab, by its step and the beginning of its line, and what the script has for it. */
const SHARED: readonly [step: string, line: string, inScript: string][] = [
  ['foreground-run', 'docker run {{bare}}', 'docker run --label by-hand "$IMAGE"'],
  ['foreground-run', 'docker run {{ours}}', 'run --name by-hand-foreground "$IMAGE"'],
  ['detached-run', 'docker run -d {{ours}}', 'quiet=$(run -d "$IMAGE")'],
  ['detached-run', 'docker container ps --format', 'docker container ps\n'],
  ['isolated-port', 'lsof ', 'lsof -nP -i :5432'],
  ['exec-psql', 'docker exec -i {{quiet.short}} bash', 'docker exec "$quiet" psql'],
  ['port-mapping', 'docker run -d {{ours}} -p', 'mapped=$(run -d -p "$PORT:5432" "$IMAGE")'],
  ['port-mapping', 'docker container ps --format', 'docker container ps\n'],
  ['port-mapping', 'lsof ', 'lsof -nP -i ":$PORT"'],
  ['three-connections', 'psql -X -w -U postgres -h {{host}} -p {{closed}}', '-h 127.0.0.1 -p 5432'],
  ['three-connections', 'psql -X -w -U postgres -p {{mapped.port}}', 'psql -X -w -U postgres -p "$PORT"'],
  ['three-connections', 'psql -X -w -U postgres -h {{host}} -p {{mapped.port}}', '-h 127.0.0.1 -p "$PORT"'],
  ['volume-persistence', 'docker volume create', 'docker volume create by-hand'],
  ['volume-persistence', 'docker run -d {{named}} -v', 'first=$(run -d -v'],
  ['volume-persistence', 'docker exec {{first.short}} psql', 'docker exec "$first" psql'],
  ['volume-persistence', 'docker rm -f -v {{first.short}}', 'docker rm -f "$first"'],
  ['volume-persistence', 'docker run -d {{named}} -v', 'second=$(run -d -v'],
  ['volume-persistence', 'docker exec {{keeper.short}} psql', 'docker exec "$second" psql'],
];

/** The steps that have something in common with the script. */
export const SHARED_STEPS = [...new Set(SHARED.map(([step]) => step))];

/**
 * Copies the built package into the folder, its lab with these commands alone; returns the file of its command line.
 * Rejects where a row of the table finds nothing any more in the lab or in the script.
 */
export async function sharedPackage(folder: string, script: string): Promise<string> {
  const root = join(import.meta.dirname, '../..');
  for (const part of ['package.json', 'dist', 'content', 'src/image/entrypoint.sh']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  const lab = await loadLab(labFolders(null));
  const steps = join(folder, 'dist/labs', lab.id);
  for (const { id, file } of stepFiles({ steps }).filter((each) => SHARED_STEPS.includes(each.id))) {
    const commands = lab.steps.find((step) => step.id === id)?.commands ?? [];
    const kept = keptOf(id, commands, readFileSync(script, 'utf8'));
    renameSync(join(steps, file), join(steps, `whole-${file}`));
    const commandsKept = `whole.commands.filter((_, at) => ${JSON.stringify(kept)}.includes(at))`;
    writeFileSync(
      join(steps, file),
      `const { default: whole } = require('./whole-${file}');\n` +
        `exports.default = { ...whole, commands: ${commandsKept} };\n`,
    );
  }
  return join(folder, 'dist/pglab.js');
}

/** The places of a step's commands that the script has, too. */
function keptOf(id: string, commands: readonly Command[], script: string): number[] {
  const kept: number[] = [];
  for (const [, line, inScript] of SHARED.filter(([step]) => step === id)) {
    const at = commands.findIndex(({ run }, index) => run.startsWith(line) && !kept.includes(index));
    if (at < 0) throw new Error(`${id} has no command ${line}`);
    if (!script.includes(inScript)) throw new Error(`the script has no ${inScript}`);
    kept.push(at);
  }
  return kept;
}
