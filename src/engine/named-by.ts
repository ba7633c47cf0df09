/** Who named an endpoint: said where it is wrong or dead, with the way to take that back. */
import type { MessageKey } from '../content-keys.ts';
import type { Remark } from '../trouble.ts';

/** Which rule chose an endpoint. */
type Chooser = 'option' | 'DOCKER_HOST' | 'DOCKER_CONTEXT' | 'context' | 'default-socket' | 'built-in';

/** Each with a text that tells who it was, and a fix for that. Null: nobody; it was only looked for there. */
const NAMED_BY: Readonly<Record<Chooser, MessageKey | null>> = {
  option: 'named-by-option',
  DOCKER_HOST: 'named-by-variable',
  DOCKER_CONTEXT: 'named-by-context-variable',
  context: 'named-by-context',
  'default-socket': null,
  'built-in': null,
};

/** Each in words; a variable goes by its own name. */
const CHOSEN_BY: Readonly<Record<Chooser, MessageKey | null>> = {
  option: 'chooser-option',
  DOCKER_HOST: null,
  DOCKER_CONTEXT: null,
  context: 'chooser-context',
  'default-socket': 'chooser-socket',
  'built-in': 'chooser-built-in',
};

/** What chose an endpoint, in words. */
export function chosenBy(
  from: Chooser,
  { content }: { content: { say(file: 'messages', key: MessageKey): string } },
): string {
  const key = CHOSEN_BY[from];
  return key === null ? from : content.say('messages', key);
}

/** As much of an endpoint as is known. */
export interface Named {
  url: string;
  from: Chooser;
  /** The context's name, where one chose it. */
  context?: string;
  /** The file that names it, where it is the current one. */
  configFile?: string;
}

export function namedBy({ from, url, context, configFile = '' }: Named): Remark | undefined {
  const key = NAMED_BY[from];
  return key === null ? undefined : { key, values: { name: context ?? url, file: configFile } };
}
