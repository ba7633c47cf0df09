/** One schema of events: what the disk may hold, field by field, and all that is made from it in step. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { isLive, type JournalEvent, type LabEvent } from '../../src/journal/events.ts';
import { lineOf, parseLine, type Written } from '../../src/journal/line.ts';
import { LINES } from '../../src/journal/line-check.ts';
import { openJournal } from '../../src/journal/record.ts';
import { JOURNALED, LIVE, lineSchema } from '../../src/journal/schema.ts';
import { generated } from '../../tools/schemas.ts';
import { importsOf } from '../imports.ts';

const ROOT = join(import.meta.dirname, '../..');

interface Schema {
  title?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  pattern?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  patternProperties?: Record<string, Schema>;
}

const SCHEMA = lineSchema() as Schema;
const ajv = new Ajv2020({ discriminator: true });
const byAjv = ajv.compile(SCHEMA);
const byUs = (value: unknown) => {
  const type = (value as { type?: unknown })?.type;
  return typeof type === 'string' && Object.hasOwn(LINES, type) && LINES[type]?.()(value) === true;
};

/** A value that the schema allows, with all that may be left out. */
function sample(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return sample(schema.anyOf[0] as Schema);
  if (schema.patternProperties) return { name: 'a', number: 1 };
  if (schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([name, each]) => [name, sample(each)]));
  }
  if (schema.type === 'array') return [sample(schema.items as Schema)];
  if (schema.pattern) return 'abcd0123';
  return { string: 'a', number: 1, integer: 1, boolean: true, null: null }[schema.type ?? ''];
}

/** What no field of this schema may be. */
function misfits(schema: Schema): unknown[] {
  const all = [null, true, 'no such word', 1.5, -1, {}, { a: null }, [], [null], { a: { b: 1 } }];
  const forNumber = schema.type === 'number' ? [null, '1', true, {}] : null;
  const forText = schema.type === 'string' && !schema.pattern ? [null, 1, true, [], {}] : null;
  return forNumber ?? forText ?? all.filter((value) => !ajv.validate(schema as object, value));
}

interface Variant {
  what: string;
  line: unknown;
  isAllowed: boolean;
}

/** The value with one thing otherwise, for each field on each level. */
function variants(schema: Schema, value: unknown, path: string): Variant[] {
  const inside = (line: (changed: unknown) => unknown, below: Schema, at: unknown, where: string) =>
    variants(below, at, where).map((variant) => ({ ...variant, line: line(variant.line) }));
  if (schema.anyOf) return variants(schema.anyOf[0] as Schema, value, path);
  if (schema.type === 'array')
    return inside((changed) => [changed], schema.items as Schema, (value as unknown[])[0], `${path}[]`);
  if (!schema.properties) return [];
  const object = value as Record<string, unknown>;
  const added = { what: `${path} + unknown`, line: { ...object, unknown: 1 }, isAllowed: false };
  return [
    added,
    ...Object.entries(schema.properties).flatMap(([name, each]) => {
      const where = `${path}.${name}`;
      const { [name]: _, ...without } = object;
      const isOptional = !schema.required?.includes(name);
      return [
        { what: `${where} dropped`, line: without, isAllowed: isOptional },
        ...misfits(each).map((wrong) => ({
          ...{ what: `${where} as ${JSON.stringify(wrong)}`, line: { ...object, [name]: wrong } },
          isAllowed: false,
        })),
        ...inside((changed) => ({ ...object, [name]: changed }), each, object[name], where),
      ];
    }),
  ];
}

/** Through the disk: written with its checksum, and read. */
function isRead(line: object): boolean {
  const { sum: _, ...written } = line as { sum?: unknown };
  return parseLine(lineOf(written as Written)).is === 'event';
}

describe('each field of each event', () => {
  for (const schema of SCHEMA.oneOf ?? []) {
    test(`${schema.title}: dropped, mistyped or with one more, it is refused`, () => {
      const whole = sample(schema) as object;
      assert.ok(byUs(whole) && byAjv(whole) && isRead(whole), 'as it should be, it is read');
      const all = variants(schema, whole, schema.title ?? '');
      assert.ok(all.length > 20);
      for (const { what, line, isAllowed } of all) {
        assert.equal(byUs(line), isAllowed, what);
        // The type tells the schemas apart, and the checksum is made anew: those two are tested elsewhere.
        if (!/\.(sum|type) /.test(what)) {
          assert.equal(byAjv(line), isAllowed, `${what}, by ajv`);
          assert.equal(isRead(line as object), isAllowed, `${what}, from the disk`);
        }
      }
    });
  }

  test('whatever JSON it is made of, the plain check says what the schema says', () => {
    const wholes = (SCHEMA.oneOf ?? []).map((schema) => sample(schema) as Record<string, unknown>);
    const field = fc.constantFrom(...new Set(wholes.flatMap((whole) => Object.keys(whole))));
    const some = fc.constantFrom(...wholes);
    const changes = fc.array(fc.tuple(field, fc.jsonValue()), { maxLength: 3 });
    fc.assert(
      fc.property(some, changes, (whole, changed) => {
        const line = { ...whole, ...Object.fromEntries(changed) };
        assert.equal(byUs(line), byAjv(line), JSON.stringify(line));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('what only lives on the screen', () => {
  const file = () => join(mkdtempSync(join(tmpdir(), 'pglab-schema-')), 'journal.jsonl');

  for (const [type, fields] of Object.entries(LIVE)) {
    test(`${type} is never written`, () => {
      const event = {
        type,
        ...(sample({ properties: fields as Record<string, Schema> }) as object),
      } as LabEvent;
      assert.ok(isLive(event));
      const path = file();
      const journal = openJournal(path, 'me');
      assert.throws(() => journal.append(event as LabEvent as JournalEvent), /no event of the journal/);
      journal.close();
      assert.equal(readFileSync(path, 'utf8'), '');
    });
  }

  test('an event is in one table, never in both', () => {
    assert.deepEqual(
      Object.keys(LIVE).filter((type) => type in JOURNALED),
      [],
    );
    assert.deepEqual(Object.keys(LINES).sort(), Object.keys(JOURNALED).sort());
  });
});

describe('what is made from the schemas', () => {
  for (const [file, text] of Object.entries(generated())) {
    test(`${file} is in step: else \`npm run schemas\` writes it`, () => {
      assert.equal(readFileSync(join(ROOT, file), 'utf8'), text);
    });
  }

  test('is exported by the package', () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    for (const name of ['event', 'result']) {
      const path = exports[`./${name}.schema.json`];
      assert.ok(
        Object.keys(generated()).some((file) => path === `./${file}`),
        `${name}: ${path}`,
      );
    }
  });

  test('is all that the program loads of them', () => {
    const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
    const loaded = files
      .filter(
        (file) =>
          file.endsWith('.ts') &&
          !/^(journal\/schema|report\/envelope|map\/map-schema|workshop\/board-schema)\.ts$/.test(file),
      )
      .flatMap((file) => importsOf(`src/${file}`, readFileSync(join(ROOT, 'src', file), 'utf8')))
      .filter(
        ({ from, types }) => /\/(schema|envelope|map-schema|board-schema)\.ts$|^typebox/.test(from) && !types,
      );
    assert.deepEqual(loaded, []);
  });
});

test('no event has a field of the name that each line has: one would hide the other', () => {
  const ofLines = new Set(['v', 'seq', 'at', 'participant', 'run', 'lab', 'type', 'sum']);
  const both = Object.entries(JOURNALED).flatMap(([type, fields]) =>
    Object.keys(fields).flatMap((name) => (ofLines.has(name) ? [`${type}.${name}`] : [])),
  );
  assert.deepEqual(both, ['run-started.lab'], 'the lab is where the lines have theirs from');
});
