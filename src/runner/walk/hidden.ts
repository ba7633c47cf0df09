/**
 * Passwords in what a command prints. Hidden where its output becomes events, and so on every screen, in the journal
 * and in reports; what a person types into a terminal of their own is theirs.
 */
import type { RunContext } from '../ground/context.ts';

const HIDDEN = '••••••';

/** As images print a password that they have made up: `GENERATED ROOT PASSWORD: x`, `password=x`, `"password": "x"`. */
const TOLD = /(passw(?:or)?d["']?[ \t]{0,4}[:=][ \t]{0,4}["']?)([^\s"',;$]+)/gi;
/** The word in a password's place, as in the official image's own `-e POSTGRES_PASSWORD=password`. */
const PLACEHOLDER = /^<?(?:my)?(?:secret)?passw(?:or)?d>?$/i;

/** Hides these secrets, all passwords that this process knows, and what is told as a password. */
export function hiderFor(
  { imageRef, lab, learnersPassword, volumePasswords }: Hiding,
  line: string,
  secrets: readonly string[],
): (text: string) => string {
  const { user, database } = lab.settings.service?.container.loginOf({}) ?? { user: '', database: '' };
  const known = new Set([...secrets, ...volumePasswords.values(), learnersPassword ?? '']);
  // One that is also a word of the command, or a name that all know, hides nothing when it is blotted.
  const words = [line, imageRef, user, database];
  const hidden = [...known].filter((secret) => secret !== '' && !words.some((word) => word.includes(secret)));
  return (text) => {
    const told = text.replace(TOLD, (all, before: string, value: string) =>
      PLACEHOLDER.test(value) ? all : before + HIDDEN,
    );
    return hidden.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), told);
  };
}

type Hiding = Pick<RunContext, 'imageRef' | 'lab' | 'learnersPassword' | 'volumePasswords'>;
