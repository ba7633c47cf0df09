/**
 * `npm run schemas`: writes what is made from the schemas: the JSON Schemas that the package exports, and
 * the check of a line in plain code, so that no schema library is loaded when pglab runs. All of it is
 * committed: a checkout compiles and tests without a build, and a test proves it in step with its source.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lineSchema, STAMP, SUM } from '../src/journal/schema.ts';
import { mapSchema } from '../src/map/map-schema.ts';
import { reportSchema, resultSchema } from '../src/report/envelope.ts';
import { boardSchema } from '../src/workshop/board-schema.ts';

const ROOT = join(import.meta.dirname, '..');

/** The part of JSON Schema that the schema of a line uses. */
interface Schema {
  title?: string;
  type?: string;
  const?: string | number;
  enum?: (string | number)[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  maxItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  patternProperties?: Record<string, Schema>;
  additionalProperties?: boolean;
}

/** What each file must hold. */
export function generated(): Record<string, string> {
  return {
    'src/journal/event.schema.json': asJson(lineSchema()),
    'src/journal/line-check.ts': lineCheck(lineSchema() as Schema),
    'src/map/map.schema.json': asJson(mapSchema()),
    'src/report/result.schema.json': asJson(resultSchema()),
    'src/report/report.schema.json': asJson(reportSchema()),
    'src/workshop/board.schema.json': asJson(boardSchema()),
  };
}

function asJson(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function lineCheck({ oneOf = [] }: Schema): string {
  const stamp = { ...STAMP, ...SUM } as unknown as Record<string, Schema>;
  const rows = oneOf.map(({ title, properties = {}, ...rest }) => {
    const own = Object.entries(properties).filter(([name]) => !(name in stamp));
    return `  '${title}': () => ${testOf({ ...rest, properties: Object.fromEntries(own) }, '...STAMP, ')},`;
  });
  const words = [
    ...new Set([...`${rows.join()} ${fieldsOf(stamp)}`.matchAll(/\b([a-z]\w*)\(/gi)].map(([, word]) => word)),
  ];
  const used = ['text', 'number', 'flag', 'nothing', ...words].sort();
  return `/** Made by \`npm run schemas\` from schema.ts. */
import { ${[...new Set(used)].join(', ')}, type Test } from './shapes.ts';

const STAMP = { ${fieldsOf(stamp)} };

/** Makes the test of a line, by the type of its event: all types that the journal keeps. */
export const LINES: Readonly<Record<string, () => Test>> = {
${rows.join('\n')}
};
`;
}

/** The test of a value, in the words of shapes.ts; `more` goes before an object's own fields. */
function testOf(schema: Schema, more = ''): string {
  const { type, pattern, minimum = 0, maximum = Number.MAX_SAFE_INTEGER, items, maxItems } = schema;
  if (schema.const !== undefined) return `oneOf(${JSON.stringify(schema.const)})`;
  if (schema.enum) return `oneOf(${schema.enum.map((each) => JSON.stringify(each)).join(', ')})`;
  if (schema.anyOf) return `either(${schema.anyOf.map((each) => testOf(each)).join(', ')})`;
  if (schema.patternProperties) {
    const [[key, each] = ['', {}]] = Object.entries(schema.patternProperties);
    return `record(/${key}/, ${testOf(each)})`;
  }
  if (schema.properties) return objectTest(schema, more);
  if (type === 'array') return `list(${testOf(items ?? {})}${maxItems === undefined ? '' : `, ${maxItems}`})`;
  if (type === 'integer') return `integer(${minimum}, ${maximum})`;
  if (pattern) return `matching(/${pattern}/)`;
  const word = { string: 'text', number: 'number', boolean: 'flag', null: 'nothing' }[type ?? ''];
  if (word === undefined) throw new Error(`no test is known for ${JSON.stringify(schema)}`);
  return word;
}

function objectTest({ properties = {}, required = [], additionalProperties }: Schema, more: string): string {
  if (additionalProperties !== false) throw new Error('objects of a line are closed');
  const all = Object.entries(properties);
  const optional = all.filter(([name]) => !required.includes(name));
  const fields = fieldsOf(Object.fromEntries(all.filter(([name]) => required.includes(name))));
  const rest = optional.length > 0 ? `, { ${fieldsOf(Object.fromEntries(optional))} }` : '';
  return `closed({ ${more}${fields} }${rest})`;
}

function fieldsOf(fields: Record<string, Schema>): string {
  return Object.entries(fields)
    .map(([name, schema]) => `${name}: ${testOf(schema)}`)
    .join(', ');
}

if (process.argv[1] === import.meta.filename)
  for (const [file, text] of Object.entries(generated())) writeFileSync(join(ROOT, file), text);
