/** pglab in a real pseudo-terminal: what the screen shows, and keys that are typed. */
import { type IPty, spawn } from 'node-pty';
import { PATIENCE_MS } from '../patience.ts';
import { CLI, type TestLab } from './lab.ts';

export interface Session {
  pid: number;
  /** Waits until the screen has shown this, after what was waited for before. */
  sees(pattern: RegExp): Promise<RegExpExecArray>;
  types(keys: string): void;
  ends(): Promise<number>;
  kill(): void;
  /** Closes the terminal, as one closes a window. */
  hangUp(): void;
  text(): string;
  /** Told all that it has written, and all that it will. */
  hears(listener: (data: string) => void): void;
}

/** Runs a verb in a pseudo-terminal. */
export function openTerminal(lab: Pick<TestLab, 'env'>, args: string[], columns = 100): Session {
  const env = { ...lab.env, TERM: 'xterm-256color' } as Record<string, string>;
  return sessionOf(spawn(process.execPath, [CLI, ...args], { cols: columns, rows: 50, env }));
}

/** A verb where a program leads to: `nsenter --net=…`. */
export function openTerminalBy(leader: string[], args: string[], env: NodeJS.ProcessEnv): Session {
  const [program = '', ...words] = [...leader, process.execPath, CLI, ...args];
  const whole = { ...env, TERM: 'xterm-256color' } as Record<string, string>;
  return sessionOf(spawn(program, words, { cols: 100, rows: 50, env: whole }));
}

/** A shell of the learner's, in a folder of theirs. */
export function openShell(lab: TestLab, shell: string, args: string[], cwd: string): Session {
  const env = { ...lab.env, TERM: 'xterm-256color' } as Record<string, string>;
  return sessionOf(spawn(shell, args, { cols: 100, rows: 50, env, cwd }));
}

function sessionOf(pty: IPty): Session {
  let text = '';
  let from = 0;
  let wake = () => {};
  pty.onData((data) => {
    text += data;
    wake();
  });
  const exit = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));
  return {
    pid: pty.pid,
    async sees(pattern) {
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        const match = pattern.exec(text.slice(from));
        if (match) {
          from += match.index + match[0].length;
          return match;
        }
        if (Date.now() > deadline) {
          // A session that nobody ends would hold the whole file of tests.
          pty.kill('SIGKILL');
          throw new Error(`never saw ${pattern} in:\n${text.slice(from)}`);
        }
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, PATIENCE_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    types: (keys) => pty.write(keys),
    ends: () => exit,
    kill: () => pty.kill('SIGKILL'),
    // The type does not have it: it closes our end, whereupon the kernel hangs up on the other.
    hangUp: () => (pty as unknown as { destroy(): void }).destroy(),
    text: () => text,
    hears(listener) {
      listener(text);
      pty.onData(listener);
    },
  };
}
