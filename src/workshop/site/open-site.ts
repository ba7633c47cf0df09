/** Serves the instructor's page of a board, on this machine alone. */
import { join } from 'node:path';
import { Content } from '../../lab/content.ts';
import { LANGUAGES } from '../../lab/languages.ts';
import { type PageServer, servePage } from '../../web/page-server.ts';
import { type BoardSite, boardRoutes, SITE_FILES } from './board-site.ts';
import { pageTexts } from './board-texts.ts';

/** `folder`: of the board, where the page keeps its port, so that one that is open goes on when the board is back. */
export async function openSite(
  site: Omit<BoardSite, 'texts'>,
  { folder, content }: { folder: string; content: string },
): Promise<Pick<PageServer, 'origin' | 'link' | 'close'>> {
  const contents = LANGUAGES.map((language) => new Content(language, content));
  const texts = pageTexts(contents);
  const refused = contents.map((each) => each.say('messages', 'workshop-page-refused-entry')).join('\n');
  let stop = () => {};
  const server = await servePage({
    ...{ listen: null, file: join(folder, 'page.json'), files: SITE_FILES, refused: () => refused },
    routes: (app) => {
      stop = boardRoutes(app, { ...site, texts });
    },
  });
  return {
    origin: server.origin,
    link: server.link,
    async close() {
      stop();
      await server.close();
    },
  };
}
