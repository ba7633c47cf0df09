/** What fills `{{placeholders}}` in commands and prose: texts and numbers by name. Never holds a password. */
export type Values = Record<string, string | number>;
