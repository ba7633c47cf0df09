/** A `docker` in front of the real one, which holds back what it is told to, or its end, until it is let go. */
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { outputOf } from './lab.ts';

export interface Shim {
  env: NodeJS.ProcessEnv;
  /** Until such a command has come. */
  reached(): Promise<void>;
  letGo(): void;
}

/** `pattern`: of bash, for the words of the command, such as `*" -d "*`. */
export async function heldBack(
  env: NodeJS.ProcessEnv,
  pattern: string,
  when: 'before' | 'after' = 'before',
): Promise<Shim> {
  const bin = mkdtempSync(join(tmpdir(), 'pglab-bin-'));
  const [came, go] = [join(bin, 'came'), join(bin, 'go')];
  const real = await outputOf('bash', ['-c', 'command -v docker'], env);
  const wait = `touch ${came}; until [ -e ${go} ]; do sleep 0.02; done`;
  const held = when === 'before' ? wait : `${real} "$@"; code=$?; ${wait}; exit $code`;
  const line = `case "$*" in ${pattern}) ${held};; esac`;
  writeFileSync(join(bin, 'docker'), `#!/bin/bash\ntrap "exit 130" INT\n${line}\nexec ${real} "$@"\n`, {
    mode: 0o755,
  });
  return {
    env: { ...env, PATH: `${bin}:${env.PATH}` },
    async reached() {
      while (!existsSync(came)) await sleep(20);
    },
    letGo: () => writeFileSync(go, ''),
  };
}
