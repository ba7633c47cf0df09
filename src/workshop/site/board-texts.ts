/** The texts of the page, in each language: its words, and what a finding or a trouble says where nothing else is known. */
import type { Content } from '../../lab/content.ts';
import { BOARD_WORDS, PAGE_WORDS, type PageTexts, type PageWord } from '../shown/board-words.ts';
import { sentencesOf } from '../shown/sentences.ts';

/** `contents`: one a language, with what the lab adds. */
export function pageTexts(contents: readonly Content[]): PageTexts {
  const languages: PageTexts['languages'] = {};
  for (const content of contents)
    languages[content.language] = {
      words: wordsOf(content),
      findings: allOf(content, 'findings'),
      troubles: allOf(content, 'troubles'),
    };
  return { languages };
}

function wordsOf(content: Content): Record<PageWord, string> {
  const words = [...BOARD_WORDS, ...PAGE_WORDS].map((word) => [word, content.find('messages', word) ?? word]);
  return Object.fromEntries(words) as Record<PageWord, string>;
}

function allOf(content: Content, file: 'findings' | 'troubles'): Record<string, string> {
  const sentence = sentencesOf(content);
  return Object.fromEntries([...content.entries(file).keys()].map((key) => [key, sentence(file, key)]));
}
