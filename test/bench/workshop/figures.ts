/** How figures of the bench are made of what was measured, and told. */

/** Milliseconds, alike in all processes of this machine. */
export const now = () => performance.timeOrigin + performance.now();

function atPart(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] as number;
}

export const median = (values: readonly number[]) => atPart(values, 0.5);

const shown = (value: number) => (value < 10 ? value.toFixed(1) : String(Math.round(value)));

/** `p50 4.1, p95 8.2, p99 12, most 69 ms (200)` */
export function spread(values: readonly number[]): string {
  const parts = [0.5, 0.95, 0.99].map((part) => `p${part * 100} ${shown(atPart(values, part))}`);
  return `${parts.join(', ')}, most ${shown(atPart(values, 1))} ms (${values.length})`;
}

/** A row beside its bound. */
export function tell(what: string, found: string, bound: string): void {
  console.log(`${what}: ${found} [bound: ${bound}]`);
}
