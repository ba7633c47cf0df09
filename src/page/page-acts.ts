/** What a browser sends, as one of the acts that there are. */
import type { Act } from './page-view.ts';

const BARE = /^(hint|show|run|anew|typed|next)$/;

/** Whether what a browser sends was meant for another step than this: what it shows may be seconds old. */
export function isForAnother(body: unknown, step: string | null): boolean {
  const meant = (body as { step?: unknown } | null)?.step;
  return meant !== undefined && meant !== step;
}

/** Null: it is none. */
export function actOf(body: unknown): Act | null {
  if (typeof body !== 'object' || body === null) return null;
  const { type, choice, question, up } = body as Record<string, unknown>;
  if (typeof type !== 'string') return null;
  if (BARE.test(type)) return { type } as Act;
  const isChoice = choice === null || Number.isInteger(choice);
  if (type === 'predict' && isChoice) return { type, choice: choice as number | null };
  if (type === 'answer' && isChoice && Number.isInteger(question))
    return { type, choice: choice as number | null, question: question as number };
  return type === 'hand' && typeof up === 'boolean' ? { type, up } : null;
}
