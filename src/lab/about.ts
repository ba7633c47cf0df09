/** What a lab says of the article that it follows: `content/about.*.md`, which it need not have. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writtenIn } from './content.ts';
import type { Language } from './languages.ts';

export interface About {
  title: string;
  /** Markdown: whose article it is, and what was made of it. Empty where the lab says nothing. */
  source: string;
  /** Markdown: where to read more of what the steps are about. Empty where the lab says nothing. */
  readOn: string;
}

/** What opens the part that says where to read on. */
const READ_ON = /^## read on$/m;

/** `content`: the folder of the lab's prose. Null where it says nothing in this language. */
export function aboutOf(content: string, language: Language): About | null {
  const file = join(content, `about.${language}.md`);
  if (!existsSync(file)) return null;
  const [, title = '', source = ''] = /^# (.+)\n([\s\S]*)$/.exec(writtenIn(file)) ?? [];
  const [of = '', on = ''] = source.split(READ_ON);
  return title === '' ? null : { title, source: of.trim(), readOn: on.trim() };
}
