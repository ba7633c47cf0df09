/** The main job: all twelve steps, on real images of several majors, through the real command line. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { drawn } from '../drawn.ts';
import { CLI, ended, homeIdOf, labelled, NOT_HERE, openLab, type TestLab } from './lab.ts';
import { MAJORS } from './stage.ts';

const STEPS = [
  'image',
  'foreground-run',
  'detached-run',
  'isolated-port',
  'exec-psql',
  'port-mapping',
  'three-connections',
  'two-versions',
  'failure-isolation',
  'disposable',
  'volume-persistence',
  'config-outside',
];

const asHtml = (text: string) =>
  text.replace(
    /[&<>"']/g,
    (mark) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[mark] ?? '&#39;',
  );

// The one between walks, again and again, in killed.test.ts.
const WALKED = MAJORS.filter((major) => major !== 17);
for (const major of drawn(WALKED, String)) {
  describe(`the walk on Postgres ${major}`, () => {
    let lab: TestLab;
    before(() => {
      lab = openLab({ PGLAB_IMAGE: `postgres:${major}`, PGLAB_PORT: String(6800 + major) });
    });
    after(() => lab.end());

    test('before the commands, at least one check of each step is not met', async () => {
      const { steps, code } = await lab.json('check', '--all');
      assert.deepEqual(
        steps.map(({ id }) => id),
        STEPS,
      );
      // The image is on the stage already; where it is not, its step is not met either.
      const none = await lab.json('check', 'image', '--run', 'none', '--image', 'pglab-nothing-here:1');
      assert.deepEqual(
        [none.code, none.steps[0]?.checks[0]?.finding, none.steps[0]?.outcome],
        [1, 'image-missing', 'not-met'],
      );
      for (const step of steps.slice(1)) {
        assert.ok(
          step.checks.some(({ outcome }) => outcome !== 'met'),
          step.id,
        );
      }
      assert.equal(code, 1);
    });

    for (const id of STEPS) {
      test(`${id} is met`, async () => {
        const { steps, code, engine, image, outcome, trouble } = await lab.json('run', id, '--yes');
        const [step] = steps;
        const unmet = step?.checks.filter((check) => check.outcome !== 'met');
        assert.deepEqual(unmet, [], JSON.stringify(step?.commands, null, 2));
        assert.equal(trouble, null);
        assert.deepEqual([code, outcome, step?.outcome, steps.length], [0, 'met', 'met', 1]);
        assert.ok((step?.checks.length ?? 0) > 0);
        for (const check of step?.checks ?? []) {
          assert.ok(check.expected && check.observed && check.evidence, `${id}: ${check.id}`);
          assert.doesNotMatch(check.observed, /…\s*$|\{\{/);
        }
        assert.equal(image?.postgresMajor, major);
        assert.match(engine?.id ?? '', /./);
      });
    }

    test('checked again afterwards, all steps are met', async () => {
      const { steps, code } = await lab.json('check', '--all');
      const unmet = steps.flatMap((step) =>
        step.checks.filter(({ outcome }) => outcome !== 'met').map((check) => ({ step: step.id, ...check })),
      );
      assert.deepEqual(unmet, []);
      assert.equal(code, 0);
    });

    test('no volume of ours is without our labels, also where another major keeps its data elsewhere', async () => {
      const ids = (await lab.docker('ps', '-aq', '--filter', `label=pglab.home=${homeIdOf(lab)}`)).split(
        '\n',
      );
      const format = '{{range .Mounts}}{{if eq .Type "volume"}}{{.Name}}{{"\\n"}}{{end}}{{end}}';
      const mounted = (await lab.docker('inspect', '--format', format, ...ids)).split(/\s+/).filter(Boolean);
      const ours = await lab.docker('volume', 'ls', '-q', '--filter', `label=pglab.home=${homeIdOf(lab)}`);
      assert.ok(mounted.length >= 6);
      assert.deepEqual(
        mounted.filter((name) => !ours.includes(name)),
        [],
      );
    });

    test('no password is in the journal or in what was printed', async () => {
      const ids = (await lab.docker('ps', '-aq', '--filter', `label=pglab.home=${homeIdOf(lab)}`)).split(
        '\n',
      );
      const env = await lab.docker('inspect', '--format', '{{json .Config.Env}}', ...ids);
      const passwords = [...env.matchAll(/POSTGRES_PASSWORD=([^"]+)/g)].map((match) => match[1] as string);
      assert.ok(passwords.length >= 6);
      const { run } = await lab.json('list');
      const kept = readFileSync(join(lab.home, 'runs', String(run), 'journal.jsonl'), 'utf8');
      for (const password of passwords) assert.ok(!kept.includes(password));
    });

    test('after the reset nothing labelled is left', async () => {
      const { code } = await lab.pglab('reset', '--yes');
      assert.equal(code, 0);
      assert.deepEqual(await labelled(lab), []);
    });

    test('the report tells the whole walk after the reset as before it, with no engine', async () => {
      const blind = { ...lab.env, DOCKER_HOST: NOT_HERE };
      const report = (...args: string[]) => ended(process.execPath, [CLI, 'report', ...args], blind);
      const told = await report('--format', 'json');
      assert.equal(told.code, 0, told.stderr);
      const { report: story, ...envelope } = JSON.parse(told.stdout);
      assert.equal(envelope.outcome, 'met');
      assert.deepEqual(
        story.steps.map(({ id, outcome }: { id: string; outcome: string }) => [id, outcome]),
        STEPS.map((id) => [id, 'met']),
      );
      assert.equal(story.image.postgresMajor, major);
      const file = join(lab.home, 'report.html');
      const written = await report('--out', file);
      assert.deepEqual([written.code, written.stdout], [0, '']);
      const page = readFileSync(file, 'utf8');
      for (const { ran, article, here } of story.steps.flatMap(
        ({ commands }: { commands: { ran: object | null; article: string | null; here: string }[] }) =>
          commands,
      )) {
        assert.ok(ran, `${here} ran`);
        for (const line of [article, here]) assert.ok(page.includes(asHtml(line ?? '')), line);
      }
      const pass = await report('--pass', '2');
      assert.deepEqual([pass.code, pass.stdout], [64, '']);
    });
  });
}
