/**
 * The code of a new lab: one step, a check of its own, and the wrong world that proves it. JavaScript: it runs
 * everywhere.
 */
export const SKELETON_CODE: Readonly<Record<string, string>> = {
  'package.json': `{
  "private": true,
  "type": "module"
}
`,
  'lab.js': `import { defineLab } from 'pglab';

export default defineLab({
  // The article's image, and the ports of this machine that its commands use: { port: 6700 }.
  image: 'postgres',
  ports: {},
  // What its containers serve, where pglab is to give it a password, wait for it and ask it:
  // service: postgres, which 'pglab' has as well.
});
`,
  '01-clock.js': `import { defineStep, running } from 'pglab';
import { inTimeZone } from './in-time-zone.js';

// The file's name is the step's order and id; its prose lies in content/01-clock.*.md.
export default defineStep({
  id: 'clock',
  commands: [
    {
      article: 'docker run -d -e TZ=Asia/Shanghai postgres sleep 900',
      run: 'docker run -d {{owned}} -e TZ=Asia/Shanghai {{image}} sleep 900',
      creates: 'clock',
    },
    { article: null, run: 'docker exec {{clock.short}} date' },
  ],
  // How one that was made by hand is recognised: by its image alone.
  world: { clock: {} },
  checks: [running(['clock']), inTimeZone('clock', 'Asia/Shanghai')],
});
`,
  'in-time-zone.js': `import { defineCheck, met, NOT_RUNNING, notMet, onRunning, ownKey } from 'pglab';

// A check of your own looks at what is there, and says what it saw. Its sentences: content/checks.*.md and
// content/findings.*.md. Every finding of its own has a wrong world in worlds.js.
export const inTimeZone = (name, wanted) =>
  defineCheck({
    id: 'zone',
    kind: ownKey('in-time-zone'),
    says: ['zone'],
    finds: [...NOT_RUNNING, ownKey('no-time-zone'), ownKey('other-time-zone')],
    // The values that the sentences of each may use.
    tells: { 'no-time-zone': ['wanted'], 'other-time-zone': ['zone', 'wanted'] },
    judge: onRunning(name, async (look, container) => {
      const { stdout } = await look.engine.exec(container.id, ['printenv', 'TZ']);
      const zone = stdout.trim();
      const evidence = \`docker exec \${container.id.slice(0, 12)} printenv TZ\`;
      if (zone === wanted) return met({ zone }, evidence);
      if (zone === '') return notMet(ownKey('no-time-zone'), { wanted }, evidence);
      return notMet(ownKey('other-time-zone'), { zone, wanted }, evidence);
    }),
  });
`,
  'worlds.js': `import { defineWorlds } from 'pglab';

// What a learner may do wrong, as they would type it: the proof that the check can find it.
export default defineWorlds([
  {
    world: 'made without a time zone',
    step: 'clock',
    finds: 'no-time-zone',
    commands: ['docker run -d --name wrong-clock {{image}} sleep 900'],
    undo: ['docker rm -fv wrong-clock'],
  },
  {
    world: 'made for another time zone',
    step: 'clock',
    finds: 'other-time-zone',
    commands: ['docker run -d --name wrong-clock -e TZ=Europe/Paris {{image}} sleep 900'],
    undo: ['docker rm -fv wrong-clock'],
  },
]);
`,
};
