/** Made by `npm run schemas` from schema.ts. */
import { closed, either, flag, integer, list, matching, nothing, number, oneOf, record, text, type Test } from './shapes.ts';

const STAMP = { v: oneOf(3), seq: integer(1, 9007199254740991), at: text, participant: text, sum: matching(/^[0-9a-f]{8}$/) };

/** What a line must look like, by the type of its event: all that the journal keeps. */
export const LINES: Readonly<Record<string, Test>> = {
  'run-started': closed({ ...STAMP, type: oneOf("run-started"), lab: text, content: text, pglab: text, journal: text }),
  'engine-pinned': closed({ ...STAMP, type: oneOf("engine-pinned"), engine: closed({ name: text, id: text, version: text, apiVersion: text, endpoint: text, builtIn: flag }) }, { root: text, there: closed({ containers: list(text), volumes: list(text), networks: list(text) }) }),
  'image-pinned': closed({ ...STAMP, type: oneOf("image-pinned"), image: closed({ ref: text, id: text, postgresMajor: either(number, nothing) }), how: text }),
  'step-started': closed({ ...STAMP, type: oneOf("step-started"), step: text, values: record(/^(?!__proto__$)/, either(text, number)) }, { byHand: closed({ before: list(text) }) }),
  'step-resumed': closed({ ...STAMP, type: oneOf("step-resumed"), step: text, index: integer(0, 9007199254740991), values: record(/^(?!__proto__$)/, either(text, number)) }),
  'begun-anew': closed({ ...STAMP, type: oneOf("begun-anew"), step: text }),
  'checking': closed({ ...STAMP, type: oneOf("checking"), step: text, values: record(/^(?!__proto__$)/, either(text, number)) }),
  'watching': closed({ ...STAMP, type: oneOf("watching"), step: text, values: record(/^(?!__proto__$)/, either(text, number)), byHand: flag, endpoint: either(text, nothing) }),
  'changed': closed({ ...STAMP, type: oneOf("changed"), change: text, values: record(/^(?!__proto__$)/, either(text, number)) }),
  'shown': closed({ ...STAMP, type: oneOf("shown"), step: text, values: record(/^(?!__proto__$)/, either(text, number)), local: flag }),
  'predicted': closed({ ...STAMP, type: oneOf("predicted"), step: text, answer: number, right: flag }),
  'noted': closed({ ...STAMP, type: oneOf("noted"), step: either(text, nothing), note: text, values: record(/^(?!__proto__$)/, either(text, number)) }),
  'chosen': closed({ ...STAMP, type: oneOf("chosen"), name: text, value: number, wanted: number }),
  'command-started': closed({ ...STAMP, type: oneOf("command-started"), step: text, index: integer(0, 9007199254740991), ran: text, shown: text, creates: either(text, nothing) }),
  'command-ended': closed({ ...STAMP, type: oneOf("command-ended"), step: text, index: integer(0, 9007199254740991), key: either(text, nothing), ran: text, exitCode: number, durationMs: number, output: text }),
  'made': closed({ ...STAMP, type: oneOf("made"), kind: oneOf("container", "volume"), name: text, id: text, volume: either(text, nothing), image: either(text, nothing), ports: list(closed({ container: integer(0, 65535), host: integer(0, 65535), ip: text })), networks: list(text), mounts: list(closed({ type: text, source: text, target: text })) }),
  'adopted': closed({ ...STAMP, type: oneOf("adopted"), kind: oneOf("container", "volume"), name: text, id: text, volume: either(text, nothing) }, { near: flag }),
  'removed': closed({ ...STAMP, type: oneOf("removed"), kind: oneOf("container", "volume", "network"), name: text, id: text }),
  'watched': closed({ ...STAMP, type: oneOf("watched"), step: text, check: text, values: record(/^(?!__proto__$)/, either(text, number)) }),
  'judged': closed({ ...STAMP, type: oneOf("judged"), step: text, check: closed({ id: text, kind: text, outcome: oneOf("met", "not-met", "unknown"), values: record(/^(?!__proto__$)/, either(text, number)), finding: either(text, nothing), note: either(text, nothing), evidence: text }) }),
  'seen': closed({ ...STAMP, type: oneOf("seen"), step: text, containers: list(closed({ id: text, name: text, world: either(text, nothing), image: text, state: text, ports: list(closed({ container: integer(0, 65535), host: integer(0, 65535), ip: text, listener: either(text, nothing) }), 8) }), 24), volumes: list(closed({ name: text, world: either(text, nothing), users: list(text, 24) }), 24), sockets: list(closed({ path: text, there: flag }), 24), tries: list(closed({ check: text, way: oneOf("port", "socket", "inside", "own-address"), reached: oneOf("nothing", "machine", "server", "answer") }), 24) }),
  'step-ended': closed({ ...STAMP, type: oneOf("step-ended"), step: text, outcome: oneOf("met", "not-met", "unknown", "skipped"), reason: either(text, nothing), durationMs: number, values: record(/^(?!__proto__$)/, either(text, number)) }),
  'checked': closed({ ...STAMP, type: oneOf("checked"), step: text, outcome: oneOf("met", "not-met", "unknown", "skipped"), reason: either(text, nothing), durationMs: number, values: record(/^(?!__proto__$)/, either(text, number)) }),
  'hinted': closed({ ...STAMP, type: oneOf("hinted"), step: text, level: number }),
  'trouble': closed({ ...STAMP, type: oneOf("trouble"), code: text, values: record(/^(?!__proto__$)/, either(text, number)) }),
  'reset-begun': closed({ ...STAMP, type: oneOf("reset-begun"), planned: number }, { steps: list(text), named: list(text) }),
  'reset-ended': closed({ ...STAMP, type: oneOf("reset-ended"), removed: integer(0, 9007199254740991), left: list(closed({ kind: oneOf("container", "volume", "network", "folder"), name: text, id: text })), kept: list(closed({ kind: oneOf("container", "volume", "network", "folder"), name: text, id: text })), leftOut: list(text) }),
  'steps-reset': closed({ ...STAMP, type: oneOf("steps-reset"), steps: list(text), names: list(text) }),
  'skipped': closed({ ...STAMP, type: oneOf("skipped"), step: text, reason: either(text, nothing) }),
  'unskipped': closed({ ...STAMP, type: oneOf("unskipped"), step: text, reason: either(text, nothing) }),
  'hand': closed({ ...STAMP, type: oneOf("hand"), up: flag, text: either(text, nothing) }),
  'said': closed({ ...STAMP, type: oneOf("said"), text: text }),
  'pace': closed({ ...STAMP, type: oneOf("pace"), step: either(text, nothing) }),
};
