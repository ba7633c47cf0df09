/** What is shown to be typed, taken along by a button beside it. */
const TOLD_FOR_MS = 1_500;

interface Copied {
  text: string;
  /** Where the text stands. */
  code: Element | null | undefined;
  /** What the button says, and what it says when it is done. */
  words: { copy: string; copied: string };
}

export async function copyBy(button: Element, { text, code, words }: Copied): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Where a browser does not let a page write there, the line is marked, to be copied by hand.
    if (code) window.getSelection()?.selectAllChildren(code);
    return;
  }
  button.textContent = words.copied;
  setTimeout(() => {
    button.textContent = words.copy;
  }, TOLD_FOR_MS);
}

/** A button in prose, which the server put there: a click on anything else is none of ours. */
export function copyBlock({ target }: Event, words: Copied['words']): void {
  if (!(target instanceof Element) || !target.matches('.block > .copy')) return;
  const code = target.nextElementSibling;
  void copyBy(target, { text: code?.textContent?.trimEnd() ?? '', code, words });
}
