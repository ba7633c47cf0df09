/** What fills `{{placeholders}}` in commands and prose: texts and numbers by name. Never holds a password. */
export type Values = Record<string, string | number>;

/** In the place of a value that there is none of, such as the exit code of a program that is not here. */
export const NOTHING = '–';

/** The first 12 digits of an id, as `docker` prints it: of a container, an image or an anonymous volume. */
export function shortId(id: string): string {
  return id.replace('sha256:', '').slice(0, 12);
}
