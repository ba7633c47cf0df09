/** Prose that the server made of our own texts; what was filled into them is escaped there. */
export function Prose({ html, class: name = 'prose' }: { html: string; class?: string }) {
  return <div class={name} dangerouslySetInnerHTML={{ __html: html }} />;
}

/** The same as a part of a line. */
export function Inline({ html }: { html: string }) {
  return <span dangerouslySetInnerHTML={{ __html: html }} />;
}

/** The key that chooses this option; who only hears it is told by the button itself. */
export function Digit({ of: at }: { of: number }) {
  return (
    <span class="digit" aria-hidden="true">
      {at + 1}
    </span>
  );
}

/** Letters of a word that fits into the narrowest column. */
const SHORT = 24;

/** Code whose lines break between its words: a browser would break an option such as `-v` behind its hyphen. */
export function Words({ text }: { text: string }) {
  const parts = text.split(/(\s+)/);
  return (
    <>
      {parts.map((part, at) =>
        part.includes('-') && part.length <= SHORT ? (
          <span key={at} class="word">
            {part}
          </span>
        ) : (
          part
        ),
      )}
    </>
  );
}
