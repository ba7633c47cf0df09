/**
 * A paragraph of prose on one line: how it is broken in its source is for writers. Between two Chinese characters a
 * line break is no space.
 */
export function joinedLines(prose: string): string {
  return prose
    .replace(/(\p{Script=Han})\n(?=[\p{Script=Han}（《「『“*])/gu, '$1')
    .replace(/(”)\n(?=\p{Script=Han})/gu, '$1')
    .replace(/([，。、；：？！）》」』])\n(?!\n|- |\d\. )/g, '$1')
    .replace(/([^\n])\n(?!\n|- |\d\. )/g, '$1 ');
}
