/**
 * The walls of the house: which room of `src/` may know which other room, and which foreign package.
 * The one table for it, with the reason for each room; `test/unit/walls.test.ts` holds the code to it.
 * A room is a folder of `src/`, or a file that lies there alone; `labs` is a room as well.
 */

export interface Wall {
  /** Rooms, or single files of a room, whose code it may run. */
  knows: readonly string[];
  /** Rooms, or single files, of which it may name the types as well. */
  names?: readonly string[];
  /** Foreign packages, and the one file of the room that may load each. Types may be named in the whole room. */
  loads?: Readonly<Record<string, string>>;
  /** It may not touch this machine: nothing of `node:`. */
  pure?: boolean;
  why: string;
}

const FOUNDATION = [
  ...['content-keys', 'image-how', 'values', 'outcome', 'trouble'],
  ...['visible', 'names', 'grammar'],
] as const;

/** What is written down of Postgres, on no path to its driver. */
const POSTGRES_FACTS = [
  'postgres/access-rules.ts',
  'postgres/database-argument.ts',
  'postgres/last-words.ts',
  'postgres/login.ts',
  'postgres/said-in-log.ts',
  'postgres/server-mark.ts',
  'postgres/setup-log.ts',
  'postgres/sqlstate.ts',
] as const;

export const WALLS: Readonly<Record<string, Wall>> = {
  'content-keys': { knows: [], pure: true, why: 'It is written from content/, and only names its keys.' },
  'image-how': { knows: ['content-keys'], pure: true, why: 'It is a table of keys.' },
  values: { knows: [], pure: true, why: 'It is what all others are written in.' },
  outcome: { knows: [], pure: true, why: 'It is what all others are written in.' },
  visible: { knows: [], pure: true, why: 'What is visible is a pure function of a text.' },
  blotted: { knows: [], pure: true, why: 'What is blotted out of a text is a pure function of it.' },
  wrap: {
    knows: [],
    loads: { 'get-east-asian-width': 'wrap.ts' },
    why: 'How wide a text is on a screen is a function of it.',
  },
  names: { knows: [], pure: true, why: 'Whether a text is a name is a pure function of it.' },
  grammar: { knows: ['visible'], pure: true, why: 'A grammar is a pure function of its value.' },
  trouble: {
    knows: ['content-keys', 'values'],
    pure: true,
    why: 'Trouble is data: the words for it lie in content/.',
  },
  'called-as': { knows: ['grammar', 'package-root'], why: 'It only tells how we were called.' },
  'package-root': { knows: [], why: 'It only finds our own folder.' },
  'kept-output': { knows: [], pure: true, why: 'It counts lines, and knows nothing of who printed them.' },
  shell: {
    knows: ['kept-output', 'running-processes'],
    loads: { zx: 'shell.ts', 'zx/core': 'shell.ts' },
    why: 'It alone runs processes.',
  },
  'program-pipe': { knows: [], why: 'It runs a program, and knows nothing of what goes through it.' },
  'running-processes': { knows: [], why: 'It looks at this machine, and knows nothing of a lab.' },
  host: {
    knows: ['shell', 'running-processes'],
    why: 'It looks at this machine, and knows nothing of a lab.',
  },
  'first-process': { knows: [], why: 'It looks at one process of this system.' },
  'service-policy': { knows: ['lock'], why: 'It looks at one file of this machine, at each start.' },
  packages: {
    knows: ['service-policy', 'shell', 'trouble', 'own-files'],
    why: 'It installs Debian packages, and runs apt for that.',
  },
  'own-files': { knows: ['trouble'], why: 'It knows folders and files alone.' },
  'user-folders': { knows: ['trouble'], why: 'It only names folders.' },
  lock: {
    knows: ['trouble', 'own-files', 'running-processes'],
    why: 'It knows folders and processes alone.',
  },
  home: {
    knows: ['trouble', 'own-files', 'names', 'user-folders'],
    why: 'It knows folders alone.',
  },
  asker: { knows: [], names: ['values', 'engine'], pure: true, why: 'It is the shape of a question.' },

  engine: {
    knows: [
      ...FOUNDATION,
      'own-files',
      'user-folders',
      'shell',
      'program-pipe',
      'packages',
      'running-processes',
      'lock',
    ],
    loads: { dockerode: 'engine/connect.ts' },
    why: 'An adapter knows neither other adapters nor what uses it.',
  },
  postgres: {
    knows: FOUNDATION,
    names: ['lab'],
    loads: { pg: 'postgres/query.ts' },
    why: 'An adapter knows neither other adapters nor what uses it.',
  },
  lab: {
    knows: [...FOUNDATION, 'called-as', 'package-root'],
    names: ['engine', 'host'],
    why: 'The model of a lab touches no engine, no Postgres and no terminal.',
  },
  checks: {
    knows: [
      ...FOUNDATION,
      'lab',
      'engine/volumes.ts',
      'engine/bindings.ts',
      'engine/port-refusal.ts',
      'engine/proxies.ts',
      ...POSTGRES_FACTS,
    ],
    names: ['engine'],
    pure: true,
    why: 'A check sees the world only through the Look that it is given; of Postgres it knows what is written down.',
  },
  kit: {
    knows: ['checks', 'lab', 'postgres/postgres.ts', 'postgres/setup-log.ts'],
    pure: true,
    why: 'It is all that a lab is written with.',
  },
  labcheck: {
    knows: [...FOUNDATION, 'own-files', 'lab'],
    why: 'It reads a lab and its prose, and runs nothing of it.',
  },
  labs: { knows: ['kit'], pure: true, why: 'A lab is written with the kit alone.' },

  journal: {
    knows: [...FOUNDATION, 'own-files'],
    names: ['engine', 'lab'],
    loads: { typebox: 'journal/schema.ts' },
    why: 'The rooms that show something read the journal; it does not know them.',
  },
  image: {
    knows: [
      ...FOUNDATION,
      'own-files',
      'journal',
      'shell',
      'program-pipe',
      'packages',
      'running-processes',
      'lock',
      'package-root',
    ],
    names: ['engine'],
    why: 'It gets images for an engine, and says each try as an event.',
  },
  world: {
    knows: [...FOUNDATION, 'journal', 'lab', 'host', 'running-processes', 'home', 'engine/volumes.ts'],
    names: ['engine'],
    why: 'It finds what a run made; what is to be done about it is the runner’s.',
  },
  'runner/ground': {
    knows: [
      ...FOUNDATION,
      'journal',
      'world',
      'image',
      'lab',
      'host',
      'home',
      'engine/volumes.ts',
      'engine/bindings.ts',
    ],
    names: ['engine', 'asker'],
    why: 'The lowest floor of the runner knows no floor above it.',
  },
  'runner/judge': {
    knows: [
      ...FOUNDATION,
      'journal',
      'world',
      'lab',
      'host',
      'shell',
      'runner/ground',
      'engine/connect.ts',
      'engine/bindings.ts',
      'engine/proxies.ts',
    ],
    names: ['engine'],
    why: 'Judging runs nothing of a step.',
  },
  'runner/walk': {
    knows: [
      ...FOUNDATION,
      'journal',
      'world',
      'lab',
      'shell',
      'first-process',
      'runner/ground',
      'runner/judge',
      'engine/port-refusal.ts',
      'engine/volumes.ts',
    ],
    names: ['engine', 'asker'],
    why: 'A walk knows nobody who works by hand.',
  },
  'runner/hand': {
    knows: [
      ...FOUNDATION,
      'own-files',
      'journal',
      'world',
      'lab',
      'runner/ground',
      'runner/judge',
      'runner/walk',
      'engine/volumes.ts',
    ],
    names: ['engine', 'asker'],
    why: 'The runner knows no terminal: it yields events, and a consumer shows them.',
  },
  report: {
    knows: [...FOUNDATION, 'kept-output', 'journal', 'lab', 'map'],
    names: ['engine'],
    loads: { typebox: 'report/envelope.ts', marked: 'report/prose-html.ts' },
    why: 'A report is made from lines alone, with no engine.',
  },
  map: {
    knows: [...FOUNDATION, 'wrap', 'journal', 'lab', 'world/tries-made.ts'],
    names: ['world'],
    loads: { typebox: 'map/map-schema.ts' },
    pure: true,
    why: 'A map is a pure function of a picture of the world, and each drawing one of the map.',
  },
  terminal: {
    knows: [...FOUNDATION, 'wrap', 'called-as', 'kept-output', 'journal', 'lab', 'map', 'report'],
    names: ['asker', 'engine'],
    loads: {
      enquirer: 'terminal/ask.ts',
      marked: 'terminal/markdown.ts',
      'marked-terminal': 'terminal/markdown.ts',
      'cli-progress': 'terminal/progress-line.ts',
    },
    why: 'It draws lines of the journal, and knows neither engine nor runner.',
  },
  page: {
    knows: [...FOUNDATION, 'called-as', 'journal', 'lab', 'map', 'report', 'web'],
    names: ['asker', 'engine'],
    why: 'What the learner’s page shows is made of lines, as what the terminal shows is: it knows neither runner nor engine.',
  },
  browser: {
    knows: [],
    pure: true,
    why: 'It runs in a browser, and is what all pages there have in common.',
  },
  'browser/board': {
    knows: ['browser', 'workshop/shown'],
    names: ['workshop/board-schema.ts', 'workshop/room'],
    pure: true,
    why: 'It runs in a browser: all that it knows comes by the news.',
  },
  'browser/learner': {
    knows: ['browser'],
    names: ['page/page-view.ts'],
    pure: true,
    loads: { preact: 'browser/learner/main.tsx' },
    why: 'It runs in a browser, and knows what the server sends by its types alone.',
  },
  workshop: {
    knows: [
      ...FOUNDATION,
      'own-files',
      'lock',
      'home',
      'journal',
      'lab',
      'package-root',
      'running-processes',
      'wrap',
    ],
    loads: { typebox: 'workshop/board-schema.ts' },
    why: 'It carries lines of journals to a board: it knows neither engine nor runner nor terminal.',
  },
  'workshop/kit': {
    knows: [
      ...FOUNDATION,
      ...['own-files', 'package-root', 'shell', 'image/tarball.ts', 'journal/shapes.ts'],
      ...['lab/content.ts', 'lab/languages.ts'],
    ],
    loads: { uqr: 'workshop/kit/qr.ts' },
    why: 'A kit is files and their digests: it knows no board, no seat and no engine.',
  },
  'workshop/store': {
    knows: [...FOUNDATION, 'own-files', 'lock', 'workshop/records.ts'],
    loads: { pg: 'workshop/store/postgres-client.ts' },
    why: 'It keeps records, and knows nobody who makes them.',
  },
  'workshop/board': {
    knows: [
      ...[...FOUNDATION, 'own-files', 'lock', 'home', 'package-root', 'journal/shapes.ts'],
      ...['workshop/protocol.ts', 'workshop/lean.ts', 'workshop/lean-check.ts'],
      ...['workshop/field-bounds.ts', 'workshop/records.ts', 'workshop/codes.ts', 'workshop/wire.ts'],
      ...['workshop/ticket.ts', 'workshop/read-json.ts', 'workshop/store', 'workshop/room'],
    ],
    names: ['workshop/board-schema.ts'],
    why: 'It answers seats and instructors, and knows no courier.',
  },
  'workshop/seat': {
    knows: [
      ...[...FOUNDATION, 'own-files', 'lock', 'home', 'package-root', 'journal'],
      ...['workshop/protocol.ts', 'workshop/lean.ts', 'workshop/lean-check.ts', 'workshop/codes.ts'],
      ...['workshop/wire.ts', 'workshop/read-json.ts'],
    ],
    names: ['workshop/board-schema.ts'],
    why: 'It carries lines of journals to a board, and knows no board from within.',
  },
  'workshop/shown': {
    knows: [...FOUNDATION, 'wrap', 'lab'],
    names: ['workshop/board-schema.ts'],
    pure: true,
    why: 'What is shown of a board is a pure function of its news.',
  },
  'workshop/site': {
    knows: [...FOUNDATION, 'lab', 'web', 'workshop/board', 'workshop/room', 'workshop/shown'],
    why: 'It tells a page what a room shows, and does nothing that a board does not allow.',
  },
  'workshop/room': {
    knows: [],
    names: ['workshop/board-schema.ts', 'workshop/lean.ts', 'workshop/records.ts'],
    pure: true,
    why: 'What a board shows is a pure function of its records, and of who is there.',
  },
  web: {
    knows: [...FOUNDATION, 'own-files', 'package-root'],
    loads: {
      hono: 'web/page-server.ts',
      'hono/cookie': 'web/guards.ts',
      '@hono/node-server': 'web/page-server.ts',
      '@hono/node-server/utils/response': 'web/page-server.ts',
    },
    why: 'It lets a browser of this machine in, and knows nothing of what its pages show.',
  },
  commands: {
    knows: [
      ...[
        ...FOUNDATION,
        'own-files',
        'blotted',
        'called-as',
        'package-root',
        'shell',
        'host',
        'packages',
        'service-policy',
        'lock',
        'home',
        'lab',
        'labcheck',
        'engine',
        'journal',
      ],
      ...[
        'image',
        'world',
        'runner/ground',
        'runner/judge',
        'runner/walk',
        'runner/hand',
        'report',
        'map',
        'terminal',
        'workshop',
        'web',
        'workshop/board',
        'workshop/kit',
        'page',
        'workshop/store',
        'workshop/seat',
        'workshop/shown',
        'wrap',
      ],
    ],
    names: ['asker'],
    why: 'A verb puts the rooms together, and is known to the command line alone.',
  },
  'board-process': {
    knows: [
      ...[
        ...FOUNDATION,
        'package-root',
        'workshop',
        'workshop/board',
        'workshop/kit',
        'workshop/room',
        'workshop/store',
      ],
      ...['workshop/site', 'lab'],
    ],
    why: 'It is the door of the board: a program of its own, which stays.',
  },
  courier: {
    knows: ['workshop/seat', 'package-root'],
    why: 'It is a program that stays: what it loads, it holds.',
  },
  'lab-trial': {
    knows: ['lab', 'trouble'],
    why: 'It is a program in which a lab may do what it likes, and nothing else is done.',
  },
  cli: {
    knows: [...FOUNDATION, 'commands', 'lab', 'report', 'package-root'],
    why: 'It is the door of the house.',
  },
};
