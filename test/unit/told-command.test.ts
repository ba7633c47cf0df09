/** Lines of journals, and the commands of a step that they tell of, whatever the lab had when they were written. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defineStep } from '../../src/lab/model.ts';
import { isLineOf, toldCommand } from '../../src/lab/told-command.ts';

const RUN = { article: 'docker run -d postgres', run: 'docker run -d {{ours}} {{image}}' };
const LOOK = { article: 'docker container ps', run: 'docker container ps' };
const SHELL = {
  article: 'docker exec -it abc bash',
  run: 'docker exec -i {{quiet.short}} bash <<< "psql"',
  terminal: 'docker exec -it {{quiet.short}} bash',
};
const LABELLED = 'docker run -d --label pglab.run=r -e POSTGRES_PASSWORD postgres:17';

describe('the command that a line of a journal tells of', () => {
  test('is the one in its place, where it can be that one', () => {
    const step = defineStep({ id: 's', commands: [RUN, { ...RUN, article: null }], checks: [] });
    assert.equal(toldCommand([step], { step: 's', index: 1, ran: LABELLED })?.article, null);
    assert.equal(toldCommand([step], { step: 's', index: 0, ran: LABELLED })?.article, RUN.article);
  });

  test('is found where the lab has it now, and nowhere else', () => {
    const step = defineStep({ id: 's', commands: [LOOK, SHELL, RUN], checks: [] });
    assert.equal(toldCommand([step], { step: 's', index: 0, ran: LABELLED }), RUN);
    assert.equal(toldCommand([step], { step: 's', index: 7, ran: 'docker container ps' }), LOOK);
    assert.equal(toldCommand([step], { step: 's', index: 0, ran: 'docker container ps --all' }), undefined);
    assert.equal(toldCommand([step], { step: 's', index: 1 }), SHELL);
    assert.equal(toldCommand([step], { step: 'other', index: 0, ran: 'docker container ps' }), undefined);
  });

  test('says all that is not a placeholder, from its beginning to its end', () => {
    assert.ok(isLineOf(RUN, LABELLED));
    assert.ok(isLineOf({ run: 'docker run {{bare}} {{image}}' }, 'docker run postgres:17'));
    assert.ok(isLineOf(SHELL, 'docker exec -it abc bash'));
    assert.ok(isLineOf(SHELL, 'docker exec -i abc bash <<< "psql"'));
    for (const [run, line] of [
      [RUN.run, 'docker start abc'],
      ['docker run -d {{ours}} {{image}} && echo "$?"', LABELLED],
      ['psql -p {{port}} -c {{port}} -c x', 'psql -p 1 -c x'],
      ['docker rm -f {{a.short}}', 'sudo docker rm -f abc'],
    ] as const)
      assert.ok(!isLineOf({ run }, line), `${run}: ${line}`);
  });
});
