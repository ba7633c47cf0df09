/** A result as text for machines: JSON (fixed), JUnit XML, TAP 13. */
import type { Result, StepResult } from './result.ts';

export type Format = 'text' | 'json' | 'junit' | 'tap';
export const FORMATS: readonly Format[] = ['text', 'json', 'junit', 'tap'];

/** `extra`: the one key of its own that a verb which judges nothing adds to the envelope. */
export function formatted(format: Exclude<Format, 'text'>, result: Result, extra: object = {}): string {
  if (format === 'json') return JSON.stringify({ ...result, ...extra }, null, 2);
  return format === 'junit' ? junit(result) : tap(result);
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

function junitSuite({ id, outcome, reason, durationMs, checks }: StepResult): string {
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

function tap({ steps, trouble }: Result): string {
  const lines = steps.flatMap(({ id, outcome, reason, checks }) =>
    outcome === 'skipped'
      ? [{ ok: true, text: `${id} # SKIP ${oneLine(reason ?? '')}`, detail: '' }]
      : checks.map((check) => ({
          ok: check.outcome === 'met',
          text: `${id}: ${check.id}`,
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
  const lines = Object.entries(fields).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
  return `\n  ---\n${lines.join('\n')}\n  ...`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('#', '\\#');
}

/** Also drops what XML 1.0 cannot hold at all, such as escape codes. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
