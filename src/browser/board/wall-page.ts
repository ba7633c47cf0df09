/** The wall, for a projector: how to join, where the room is, what was said. No names, nothing to press. */
import type { PageTexts } from '../../workshop/shown/board-words.ts';
import type { WallNews } from '../../workshop/shown/wall-news.ts';
import { PageDesk } from './desk-of-page.ts';
import { element, write } from './elements.ts';
import { News } from './news.ts';
import { RoomPart } from './room-part.ts';

async function begin(): Promise<void> {
  const texts = (await (await fetch('/words')).json()) as PageTexts;
  show(texts);
}

function show(texts: PageTexts): void {
  const wanted = localStorage.getItem('language') ?? navigator.language.slice(0, 2);
  const desk = new PageDesk(texts, Object.hasOwn(texts.languages, wanted) ? wanted : 'en');
  document.documentElement.lang = desk.language === 'zh' ? 'zh-CN' : desk.language;

  const title = element('h1');
  const facts = element('p', { class: 'soft facts' });
  const said = element('p', { class: 'said', 'aria-live': 'polite' });
  const line = element('code', { class: 'join-line' });
  const picture = element('img', { class: 'qr', src: '/join.svg', alt: desk.word('workshop-page-join') });
  const age = element('p', { class: 'soft live' });
  // A board that has no picture shows the line alone.
  picture.addEventListener('error', () => picture.remove());
  let all = 0;
  const room = new RoomPart(desk, { isWall: true, all: () => all });
  const join = element(
    'section',
    { class: 'join' },
    element('h2', {}, desk.word('workshop-page-join')),
    line,
    picture,
  );
  document.body.replaceChildren(
    element('header', { class: 'top' }, title, facts, age),
    element('main', { class: 'wall' }, said, join, room.root),
  );

  const live = new News<WallNews>('/wall/live', (news) => {
    all = news.all;
    Object.assign(desk.board, { name: news.name, counts: news.counts, room: news.room });
    write(title, news.name);
    write(facts, desk.say('workshop-board-here', { here: news.here, all }));
    write(said, desk.board.room.said?.text ?? '');
    write(line, desk.board.room.join);
    join.hidden = desk.board.room.join === '' || desk.board.room.locked;
    room.draw();
  });
  setInterval(() => {
    const { isStale, seconds } = live;
    document.body.classList.toggle('stale', isStale);
    write(age, desk.say(isStale ? 'workshop-board-stale' : 'workshop-board-live', { seconds }));
  }, 250);
}

void begin();
