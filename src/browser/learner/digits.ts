/** Options have digits, as on the terminal: a key answers the question that is open. */
import type { Act, PageView } from '../../page/page-view.ts';

/** What this key answers; null: nothing, for it is no digit, or there is no such option. */
export function answerBy(event: KeyboardEvent, { prediction, question }: PageView): Act | null {
  const { key, ctrlKey, altKey, metaKey, repeat } = event;
  if (!/^[1-9]$/.test(key) || ctrlKey || altKey || metaKey || repeat) return null;
  const choice = Number(key) - 1;
  if (question)
    return choice < question.options.length ? { type: 'answer', question: question.id, choice } : null;
  if (!prediction?.isOpen || choice >= prediction.optionsHtml.length) return null;
  return { type: 'predict', choice };
}
