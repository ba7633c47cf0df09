const none = () => undefined;

/**
 * Marks of Markdown that prose does without, as tokenizers of `marked`: a value that was filled in may look like one. A path
 * such as `/srv/_old_/*` keeps all of its letters.
 */
export const PLAIN_MARKS = {
  ...{ html: none, tag: none, def: none, emStrong: none, del: none, escape: none },
  // A heading of two lines takes long to be looked for, and cannot be there: the lines of a paragraph are one.
  lheading: none,
};
