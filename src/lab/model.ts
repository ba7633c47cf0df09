/**
 * The words of the project as types. A step is data (what is shown and run) plus checks (code that
 * looks). Nothing here knows Docker, Postgres or a terminal.
 */
import type { CheckKey } from '../content-keys.ts';
import type { Values } from '../values.ts';
import type { Look } from './look.ts';
import type { OwnKey } from './own-key.ts';
import type { Service } from './service.ts';
import type { Finding, Verdict } from './verdict.ts';

/**
 * One effect that can be verified: a *state*, judged anew each time, or, named by a command's `proves` or
 * `during`, something *witnessed* while the step runs.
 */
export interface Check {
  /** Names it within its step, and in the step's prose as `{{id.value}}`. */
  id: string;
  /** Names its sentences in content/checks.*.md. */
  kind: CheckKey | OwnKey;
  /** Values that a met verdict always has. */
  says: readonly string[];
  /** Every finding that a verdict of it may name. */
  finds: readonly Finding[];
  /** Of a lab's own findings: the values that a verdict with it always has, for its sentences. */
  tells?: Readonly<Record<string, readonly string[]>>;
  /** What it is about, for the prose: every verdict has these, whatever it is. */
  about?: Values;
  /** Rejects with `Trouble` where it cannot be told: the outcome is `unknown` then. */
  judge(look: Look): Promise<Verdict>;
  /** Which way to the server it tries. The journal's `seen` at the step's end tells how far that way got. */
  tries?: 'port' | 'socket' | 'inside' | 'own-address';
  /** Of a check that a command `proves`: it stays true, so that `check` judges it anew and not by that moment. */
  lasts?: boolean;
  /**
   * For what only shows while it happens: called before the command that names this check in
   * `during`; the returned function ends the watch, after which `judge` finds `look.watched(id)`.
   * Null: what it would watch is not there yet.
   */
  watch?(look: Look): Promise<(() => Promise<Values>) | null>;
}

/** A check as it is written: its verdicts name no finding but those in `finds`. */
type CheckOf<F extends Finding> = Omit<Check, 'finds' | 'judge'> & {
  finds: readonly F[];
  judge(look: Look): Promise<Verdict<NoInfer<F>>>;
};

/**
 * A check of a lab's own, or of the kit. TypeScript refuses a verdict whose finding `finds` does not have.
 *
 *     export const answersHello = (name: string) =>
 *       defineCheck({
 *         id: 'hello',
 *         kind: ownKey('answers-hello'),
 *         says: ['words'],
 *         finds: [...NOT_RUNNING, ownKey('silent')],
 *         tells: { silent: ['name'] },
 *         judge: onRunning(name, async (look, container) => {
 *           const { stdout } = await look.engine.exec(container.id, ['cat', '/hello']);
 *           const evidence = `docker exec ${name} cat /hello`;
 *           return stdout === '' ? notMet(ownKey('silent'), { name }, evidence) : met({ words: stdout }, evidence);
 *         }),
 *       });
 */
export function defineCheck<const F extends Finding>(check: CheckOf<F>): Check {
  return check;
}

/**
 * Lines that fit the pattern and begin with the id of a container of this run that publishes no port: what an
 * engine's list leaves out is no proof that it is not there.
 */
interface OnUnpublished {
  unpublished: RegExp;
}

/** Lines with the name of the volume that this run's container of this name had last. */
interface OnVolume {
  volumeOf: string;
}

export interface Command {
  /** Names it within its step, for checks that ask how it ended. */
  key?: string;
  /** As the article has it; null where the article only describes it. */
  article: string | null;
  /**
   * What runs here: a shell line for bash, with `{{placeholders}}`, bare or between quotes of either kind. Each
   * value is quoted by itself; where none could be (in `$(…)`, in a comment) the lab is refused when it is loaded.
   */
  run: string;
  /** The exit codes that are the lesson. Default: 0. */
  exits?: readonly number[];
  /** Names of the world that it brings into being, or takes away. */
  creates?: string;
  createsVolume?: string;
  removes?: string;
  /** The key of a remark in the step's `## look`, and the lines of the output beside which it stands. */
  lookAt?: Readonly<Record<string, RegExp | OnUnpublished | OnVolume>>;
  /** Only shows what a check proves by other means; a missing tool skips it. */
  illustrates?: boolean;
  /** The tool on the host that it needs, if it is one that may be missing. */
  needsTool?: string;
  /** Stays in the foreground until the server in the container it creates is ready; then Ctrl-C. */
  foreground?: boolean;
  /** What runs instead where a person sits at a terminal. */
  terminal?: string;
  /** The world's name whose password goes in, as the service's client takes it from its environment. */
  passwordOf?: string;
  /** The world's name whose data was set up with a password of another container: that one goes in, if it is known. */
  firstPasswordOf?: string;
  /** The container it creates gets another password than those before it: pglab makes each up, a shell keeps its own. */
  anotherPassword?: boolean;
  /** Waits until this name's server answers, after (or, `readyFirst`, before) the command. */
  ready?: string;
  readyFirst?: string;
  /** Runs only where the engine is this machine's, or only where it is not. */
  only?: 'local' | 'remote';
  /** Checks judged right after it, because what they look at does not last. */
  proves?: readonly string[];
  /** Checks that watch while it runs. */
  during?: readonly string[];
  /**
   * Checks that nothing tells of by hand but the learner's own word: the line leaves no trace. They wait until they say
   * that they have typed it.
   */
  onWord?: readonly string[];
  /** Checks that wait, by hand, until somebody else than pglab has reached the server of the step's first need. */
  onVisit?: readonly string[];
}

/**
 * How something made by hand, which carries no label of ours, is recognised as a name of the world.
 * What fits best is taken; what is left out here does not matter.
 */
export interface Recognition {
  /** A volume is recognised by the container that mounts it. Default: a container. */
  kind?: 'container' | 'volume';
  /** Container port → the host's port, with placeholders. Empty: it publishes none. */
  publishes?: Readonly<Record<number, string>>;
  /** Which image: the run's own (default), or one of another major. */
  image?: 'image' | 'other';
  /** The name of a volume that it mounts, or of a container whose anonymous volume it mounts. */
  mounts?: string;
  /** A folder inside at which something is mounted. */
  mountsAt?: string;
  /** Whether it was given a password. */
  password?: 'given' | 'none';
  /** Whether it found its data folder initialised when it first started. */
  data?: 'new' | 'old';
  /** It has ended by the time the step is done. */
  ended?: boolean;
  /** The name of one that must have been there, and be gone, before this one can be recognised. */
  after?: string;
}

export interface Step {
  id: string;
  commands: readonly Command[];
  /** Names this step brings into being. */
  world?: Readonly<Record<string, Recognition>>;
  /** Names of earlier steps that it needs, alive. */
  needs?: readonly string[];
  /** Names of earlier steps that it shows beside its own; its checks do not ask for them. */
  beside?: readonly string[];
  /** Names of the world of which its explanation shows the map. */
  draws?: readonly string[];
  /** Those of its needs that its commands change: what the learner made is never touched for them. */
  changes?: readonly string[];
  /** Its world is rightly gone or ended when it is finished. */
  passing?: boolean;
  /** Needs an image of a second major; where none is to be had, how it stands cannot be told. */
  needsOther?: boolean;
  checks: readonly Check[];
}

/** One article: its steps in order. */
export interface Lab {
  id: string;
  steps: readonly Step[];
  settings: LabSettings;
}

/** What a lab chooses; its `lab.ts` beside the steps. */
export interface LabSettings {
  /** The image of the article, used when nobody names one. Null: the lab needs none. */
  image: string | null;
  /** Host ports by placeholder name; taken ones are negotiated upwards. */
  ports: Readonly<Record<string, number>>;
  /** What its containers serve. Absent: nothing that pglab would have to wait for, ask or give a password. */
  service?: Service;
}

/**
 * A step of a lab: the default export of its file, `NN-id`, which `id` repeats. Returns it as it is. One of another
 * shape, or with a line that cannot be filled safely, is refused when the lab is loaded: Trouble `lab-broken`.
 *
 *     export default defineStep({
 *       id: 'port-mapping',
 *       commands: [
 *         {
 *           article: 'docker run -d -p 6700:5432 postgres',
 *           run: 'docker run -d {{ours}} -p {{port}}:5432 {{image}}',
 *           creates: 'mapped',
 *         },
 *       ],
 *       world: { mapped: { publishes: { 5432: '{{port}}' } } },
 *       checks: [running(['mapped']), publishes('mapped', 5432), answers('mapped')],
 *     });
 */
export function defineStep(step: Step): Step {
  return step;
}

/**
 * What a lab chooses: the default export of `lab`, beside its steps. A lab without one has no image, no ports
 * and no service.
 *
 *     export default defineLab({ image: 'postgres', ports: { port: 6700 }, service: postgres });
 */
export function defineLab(settings: LabSettings): LabSettings {
  return settings;
}
