/** A scene as a list, for a window that is too narrow for three lanes, and for screen readers. */
import { type Drawn, MARKS, wrapped } from './drawn.ts';
import type { Box, Scene } from './scene.ts';
import type { Way } from './try-words.ts';

export function listOf(scene: Scene, { columns, paint, bare = false }: Drawn): string[] {
  const { boxes, machine, loose, lanes, others, legend } = scene;
  const item = (depth: number, text: string) =>
    wrapped(text, columns - 2 * depth - 2).map(
      (line, at) => `${' '.repeat(2 * depth)}${at === 0 ? '' : '  '}${line}`,
    );
  const lines = [
    ...boxes.flatMap((box) =>
      (box === null ? [] : boxItems(box)).flatMap(({ depth, text }) => item(depth, text)),
    ),
    ...(machine.length > 0 ? [paint('soft', lanes[0])] : []),
    ...machine.flatMap((way) => item(1, wayItem(way))),
    ...(loose.length > 0 ? [paint('soft', lanes[2])] : []),
    ...loose.flatMap(({ label, about }) => item(1, `${label} ${about}`.trim())),
  ];
  if (bare) return lines;
  const marks = legend.map(({ owned, label }) => `${MARKS[owned]} ${label}`).join('  ');
  return [paint('head', scene.title), '', ...lines, '', ...[marks, ...item(0, others)].filter(Boolean)];
}

function boxItems({ owned, title, rows, stores }: Box): { depth: number; text: string }[] {
  return [
    { depth: 0, text: `${MARKS[owned]} ${title}` },
    ...rows.flatMap(({ way, text }) =>
      way === null
        ? [{ depth: 1, text }]
        : [{ depth: way.kind === 'door' ? 1 : 2, text: [wayItem(way), text].filter(Boolean).join(' ') }],
    ),
    ...stores.map(({ label, about, target }) => ({
      depth: 1,
      text: `── ${[label, about, target].filter(Boolean).join(' ')}`,
    })),
  ];
}

function wayItem({ kind, label, end }: Way): string {
  if (kind === 'note') return label;
  return kind === 'door' ? `${label} ▶` : `${label} ${end === 'inside' ? '▶' : '✕'}`;
}
