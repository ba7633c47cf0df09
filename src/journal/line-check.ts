/** Made by `npm run schemas` from schema.ts. */
import { closed, either, flag, integer, list, matching, nothing, number, oneOf, record, text, type Test } from './shapes.ts';

const STAMP = { v: oneOf(3), seq: integer(1, 9007199254740991), at: text, participant: text, sum: matching(/^[0-9a-f]{8}$/) };

/** What a line must look like, by the type of its event: all that the journal keeps. */
export const LINES: Readonly<Record<string, Test>> = {
  'run-started': closed({ ...STAMP, type: oneOf("run-started"), lab: matching(/^[a-z0-9][a-z0-9-]{0,39}$/), content: text, pglab: text, journal: text }),
  'engine-pinned': closed({ ...STAMP, type: oneOf("engine-pinned"), engine: closed({ name: text, id: text, version: text, apiVersion: text, endpoint: text, builtIn: flag }) }, { root: text, local: flag, there: closed({ containers: list(matching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/)), volumes: list(matching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/)), networks: list(matching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/)) }) }),
  'image-pinned': closed({ ...STAMP, type: oneOf("image-pinned"), image: closed({ ref: matching(/^[a-zA-Z0-9][a-zA-Z0-9_.:/@-]{0,511}$/), id: matching(/^[a-zA-Z0-9][a-zA-Z0-9_.:/@-]{0,511}$/), postgresMajor: either(number, nothing) }), how: text }),
  'step-started': closed({ ...STAMP, type: oneOf("step-started"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), values: record(/^(?!__proto__$)/, either(text, number)) }, { byHand: closed({ before: list(matching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/)) }) }),
  'step-resumed': closed({ ...STAMP, type: oneOf("step-resumed"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), index: integer(0, 9007199254740991), values: record(/^(?!__proto__$)/, either(text, number)) }, { byHand: flag, predicted: closed({ answer: number, right: flag }) }),
  'begun-anew': closed({ ...STAMP, type: oneOf("begun-anew"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/) }, { names: list(matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/)) }),
  'mode': closed({ ...STAMP, type: oneOf("mode"), byHand: flag }),
  'checking': closed({ ...STAMP, type: oneOf("checking"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), values: record(/^(?!__proto__$)/, either(text, number)) }),
  'watching': closed({ ...STAMP, type: oneOf("watching"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), values: record(/^(?!__proto__$)/, either(text, number)), byHand: flag, endpoint: either(text, nothing) }),
  'changed': closed({ ...STAMP, type: oneOf("changed"), change: text, values: record(/^(?!__proto__$)/, either(text, number)) }),
  'shown': closed({ ...STAMP, type: oneOf("shown"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), values: record(/^(?!__proto__$)/, either(text, number)), local: flag }),
  'predicted': closed({ ...STAMP, type: oneOf("predicted"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), answer: number, right: flag }),
  'noted': closed({ ...STAMP, type: oneOf("noted"), step: either(matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), nothing), note: text, values: record(/^(?!__proto__$)/, either(text, number)) }),
  'chosen': closed({ ...STAMP, type: oneOf("chosen"), name: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), value: number, wanted: number }),
  'command-started': closed({ ...STAMP, type: oneOf("command-started"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), index: integer(0, 9007199254740991), ran: text, shown: text, creates: either(text, nothing) }),
  'command-ended': closed({ ...STAMP, type: oneOf("command-ended"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), index: integer(0, 9007199254740991), key: either(text, nothing), ran: text, exitCode: number, durationMs: number, output: text }),
  'made': closed({ ...STAMP, type: oneOf("made"), kind: oneOf("container", "volume"), name: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), id: matching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/), volume: either(matching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/), nothing), image: either(text, nothing), ports: list(closed({ container: integer(0, 65535), host: integer(0, 65535), ip: text })), networks: list(text), mounts: list(closed({ type: text, source: text, target: text })) }),
  'adopted': closed({ ...STAMP, type: oneOf("adopted"), kind: oneOf("container", "volume"), name: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), id: matching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/), volume: either(matching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/), nothing) }, { near: flag, how: oneOf("made-in-run", "said"), volumes: list(matching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/)), beside: list(matching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/)) }),
  'removed': closed({ ...STAMP, type: oneOf("removed"), kind: oneOf("container", "volume", "network"), name: either(matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), oneOf("")), id: either(matching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/), oneOf("")) }),
  'watched': closed({ ...STAMP, type: oneOf("watched"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), check: text, values: record(/^(?!__proto__$)/, either(text, number)) }),
  'judged': closed({ ...STAMP, type: oneOf("judged"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), check: closed({ id: text, kind: text, outcome: oneOf("met", "not-met", "unknown"), values: record(/^(?!__proto__$)/, either(text, number)), finding: either(text, nothing), note: either(text, nothing), evidence: text }) }, { already: flag }),
  'acted': closed({ ...STAMP, type: oneOf("acted"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), act: oneOf("typed", "visited"), values: record(/^(?!__proto__$)/, either(text, number)) }),
  'seen': closed({ ...STAMP, type: oneOf("seen"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), containers: list(closed({ id: text, name: text, world: either(text, nothing), image: text, state: text, ports: list(closed({ container: integer(0, 65535), host: integer(0, 65535), ip: text, listener: either(text, nothing) }), 8) }), 24), volumes: list(closed({ name: text, world: either(text, nothing), users: list(text, 24) }), 24), sockets: list(closed({ path: text, there: flag }), 24), tries: list(closed({ check: text, way: oneOf("port", "socket", "inside", "own-address"), reached: oneOf("nothing", "machine", "server", "answer") }), 24) }),
  'step-ended': closed({ ...STAMP, type: oneOf("step-ended"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), outcome: oneOf("met", "not-met", "unknown", "skipped"), reason: either(text, nothing), durationMs: number, values: record(/^(?!__proto__$)/, either(text, number)) }),
  'checked': closed({ ...STAMP, type: oneOf("checked"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), outcome: oneOf("met", "not-met", "unknown", "skipped"), reason: either(text, nothing), durationMs: number, values: record(/^(?!__proto__$)/, either(text, number)) }),
  'hinted': closed({ ...STAMP, type: oneOf("hinted"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), level: number }),
  'trouble': closed({ ...STAMP, type: oneOf("trouble"), code: text, values: record(/^(?!__proto__$)/, either(text, number)) }),
  'reset-begun': closed({ ...STAMP, type: oneOf("reset-begun"), planned: number }, { steps: list(matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/)), named: list(text) }),
  'reset-ended': closed({ ...STAMP, type: oneOf("reset-ended"), removed: integer(0, 9007199254740991), left: list(closed({ kind: oneOf("container", "volume", "network", "folder"), name: text, id: text })), kept: list(closed({ kind: oneOf("container", "volume", "network", "folder"), name: text, id: text })), leftOut: list(text) }),
  'steps-reset': closed({ ...STAMP, type: oneOf("steps-reset"), steps: list(matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/)), names: list(matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/)) }),
  'skipped': closed({ ...STAMP, type: oneOf("skipped"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), reason: either(text, nothing) }),
  'unskipped': closed({ ...STAMP, type: oneOf("unskipped"), step: matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), reason: either(text, nothing) }),
  'hand': closed({ ...STAMP, type: oneOf("hand"), up: flag, text: either(text, nothing) }),
  'said': closed({ ...STAMP, type: oneOf("said"), text: text }),
  'pace': closed({ ...STAMP, type: oneOf("pace"), step: either(matching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,99}$/), nothing) }),
  'proved': closed({ ...STAMP, type: oneOf("proved"), epoch: integer(0, 9007199254740991), engine: either(text, nothing), left: closed({ containers: integer(0, 9007199254740991), volumes: integer(0, 9007199254740991), networks: integer(0, 9007199254740991), folders: integer(0, 9007199254740991) }), trouble: either(text, nothing) }),
};
