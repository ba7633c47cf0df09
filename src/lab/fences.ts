/** Markdown cut where its code blocks begin and end: line by line, which no pattern does without looking ahead. */

export interface MarkdownPart {
  isCode: boolean;
  text: string;
}

/** A block that is not closed is none. The texts, joined by newlines, are the whole again. */
export function fencedParts(markdown: string): MarkdownPart[] {
  const parts: MarkdownPart[] = [];
  let open: string[] | null = null;
  let prose: string[] = [];
  for (const line of markdown.split('\n')) {
    const isFence = line.trimStart().startsWith('```');
    if (open === null && isFence) open = [line];
    else if (open === null) prose.push(line);
    else {
      open.push(line);
      if (!isFence || line.trim() !== '```') continue;
      if (prose.length > 0) parts.push({ isCode: false, text: prose.join('\n') });
      parts.push({ isCode: true, text: open.join('\n') });
      prose = [];
      open = null;
    }
  }
  const rest = [...prose, ...(open ?? [])];
  if (rest.length > 0) parts.push({ isCode: false, text: rest.join('\n') });
  return parts;
}
