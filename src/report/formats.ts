/** A result as text for machines: JSON (fixed), JUnit XML, TAP 13. */
import { visible, visibleJson } from '../visible.ts';
import type { Result, StepResult } from './result.ts';

interface Row {
  /** The result as one text; `extra`: the one key of its own that a verb adds. Null: drawn as it happens. */
  write: ((result: Result, extra: object) => string) | null;
  /** It has room for outcomes alone: a verb that has none refuses it. */
  outcomesOnly: boolean;
  /** The only verbs that write it, each by itself. */
  verbs?: readonly string[];
}

/** The formats, a row each. */
const ROWS = {
  text: { write: null, outcomesOnly: false },
  json: {
    write: (result, extra) => visibleJson(JSON.stringify({ ...result, ...extra }, null, 2)),
    outcomesOnly: false,
  },
  junit: { write: junit, outcomesOnly: true },
  tap: { write: tap, outcomesOnly: true },
  md: { write: null, outcomesOnly: false, verbs: ['report'] },
  html: { write: null, outcomesOnly: false, verbs: ['report', 'map'] },
  svg: { write: null, outcomesOnly: false, verbs: ['map'] },
} satisfies Record<string, Row>;

export type Format = keyof typeof ROWS;
export const FORMATS = Object.keys(ROWS) as readonly Format[];

/** The format of this name; null where there is none. */
export function formatOf(name: string): Format | null {
  return FORMATS.find((format) => format === name) ?? null;
}

/** Whether it is one answer at the end, for a machine to read. */
export function isForMachines(format: Format): boolean {
  return ROWS[format].write !== null;
}

/** Whether a verb that has no outcomes must refuse it. */
export function wantsOutcomes(format: Format): boolean {
  return ROWS[format].outcomesOnly;
}

/** The only verbs that write it; null: all do. */
export function verbsOfFormat(format: Format): readonly string[] | null {
  const { verbs }: Row = ROWS[format];
  return verbs ?? null;
}

/** `extra`: the one key of its own that a verb which judges nothing adds to the envelope. Empty for text. */
export function formatted(format: Format, result: Result, extra: object = {}): string {
  const { write }: Row = ROWS[format];
  return write?.(result, extra) ?? '';
}

/** Not met is a failure, unknown and trouble are errors, skipped is skipped; times in seconds. */
function junit({ lab, steps, trouble, run }: Result): string {
  const suites = steps.map(junitSuite);
  if (trouble) {
    suites.push(
      `  <testsuite name="pglab" tests="1" failures="0" errors="1" skipped="0">`,
      `    <testcase classname="pglab" name="${xml(trouble.code)}"><error type="${xml(trouble.code)}" message="${xml(trouble.message)}">${xml(trouble.fix)}</error></testcase>`,
      '  </testsuite>',
    );
  }
  const name = xml([lab, run].filter(Boolean).join(' '));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${name}">`,
    ...suites,
    '</testsuites>',
  ].join('\n');
}

function junitSuite(step: StepResult): string {
  const { id, outcome, reason, durationMs } = step;
  const checks = judgedOf(step);
  const count = (wanted: string) => checks.filter((check) => check.outcome === wanted).length;
  const skipped = outcome === 'skipped';
  const cases = skipped
    ? [`    <testcase classname="${id}" name="${id}"><skipped message="${xml(reason ?? '')}"/></testcase>`]
    : checks.map((check) => {
        const open = `    <testcase classname="${id}" name="${xml(check.id)}"`;
        if (check.outcome === 'met') return `${open}/>`;
        const tag = check.outcome === 'not-met' ? 'failure' : 'error';
        const type = xml(check.finding ?? 'unknown');
        const body = `expected: ${check.expected}\nobserved: ${check.observed}\nsee: ${check.evidence}`;
        return `${open}><${tag} type="${type}" message="${xml(check.observed)}">${xml(body)}</${tag}></testcase>`;
      });
  const tests = skipped ? 1 : checks.length;
  const head = `  <testsuite name="${id}" tests="${tests}" failures="${count('not-met')}" errors="${count('unknown')}" skipped="${skipped ? 1 : 0}" time="${(durationMs / 1000).toFixed(3)}">`;
  return [head, ...cases, '  </testsuite>'].join('\n');
}

/** Its checks; a step that ended, and of which no check is known, counts as one of its own name. */
function judgedOf({ id, outcome, checks }: StepResult): StepResult['checks'] {
  if (checks.length > 0 || outcome === 'skipped') return checks;
  return [{ id, outcome, expected: '', observed: '', finding: null, note: null, evidence: '' }];
}

function tap({ steps, trouble }: Result): string {
  const lines = steps.flatMap((step) =>
    step.outcome === 'skipped'
      ? [{ ok: true, text: `${step.id} # SKIP ${oneLine(step.reason ?? '')}`, detail: '' }]
      : judgedOf(step).map((check) => ({
          ok: check.outcome === 'met',
          text: `${step.id}: ${check.id}`,
          detail: check.outcome === 'met' ? '' : yaml(check),
        })),
  );
  const numbered = lines.map(
    ({ ok, text, detail }, at) => `${ok ? 'ok' : 'not ok'} ${at + 1} - ${text}${detail}`,
  );
  const plan = trouble ? [] : [`1..${lines.length}`];
  const bail = trouble ? [`Bail out! ${trouble.code}: ${oneLine(trouble.message)}`] : [];
  return ['TAP version 13', ...plan, ...numbered, ...bail].join('\n');
}

function yaml({ outcome, expected, observed, finding, evidence }: StepResult['checks'][number]): string {
  const fields = { outcome, expected, observed, finding, evidence };
  const lines = Object.entries(fields).map(
    ([key, value]) => `  ${key}: ${visibleJson(JSON.stringify(value))}`,
  );
  return `\n  ---\n${lines.join('\n')}\n  ...`;
}

function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, ' ')).replaceAll('#', '\\#');
}

/** Text of XML 1.0, which cannot hold escape codes; hidden characters are made visible, so that they mislead nobody. */
function xml(text: string): string {
  return visible(text, { lines: true })
    .replace(/[\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
