/**
 * What a name or an id must look like before it becomes part of a path, a question or a command. An engine of others,
 * who stands between, a label and a journal that was handed over may hold any text.
 */

/** A container's id. Podman cuts some to twelve digits. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{12,64}$/.test(text);
}

/** Where an engine is in a swarm, what is the swarm's has ids of another kind. */
export function isNetworkId(text: string): boolean {
  return isId(text) || /^[0-9a-z]{25}$/.test(text);
}

export function isImageId(text: string): boolean {
  return /^(sha256:)?[0-9a-f]{64}$/.test(text);
}

/** A container's name, or a volume's: what Docker lets one give. */
export function isGivenName(text: string): boolean {
  return text.length <= 255 && /^[a-zA-Z0-9][\w.-]*$/.test(text);
}

/** Grammar of a reference, after the distribution project's: name, tag, digest. */
const REFERENCE =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;

/** An image's name, with or without a tag or a digest: `postgres:17`. */
export function isReference(text: string): boolean {
  return text.length <= 512 && REFERENCE.test(text);
}

/** What names an image in a question: a reference, or an id. */
export function isImageName(text: string): boolean {
  return isReference(text) || isImageId(text);
}

/** The id of a run or of a lab: it goes into labels, files and folders. */
export function isSlug(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,39}$/.test(text);
}

/** What a lab calls a step, a check, or a thing of the world. */
export function isWordOfLab(text: string): boolean {
  return /^[a-zA-Z][\w.-]{0,99}$/.test(text);
}

/** A home's id. */
export function isHomeId(text: string): boolean {
  return /^[0-9a-f]{12}$/.test(text);
}

export function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535;
}

/** The labels that pglab gives, and what each must look like. */
export const LABEL = {
  run: 'pglab.run',
  home: 'pglab.home',
  lab: 'pglab.lab',
  step: 'pglab.step',
  name: 'pglab.name',
  /** Only where the image has all the others: see `labelsOn`. */
  nonce: 'pglab.nonce',
} as const;

const FITS: Readonly<Record<string, (text: string) => boolean>> = {
  [LABEL.run]: isSlug,
  [LABEL.home]: isHomeId,
  [LABEL.lab]: isSlug,
  [LABEL.step]: isWordOfLab,
  [LABEL.name]: (text) => text === '' || isWordOfLab(text),
  [LABEL.nonce]: isHomeId,
};

/**
 * The labels that count. Anybody may write a label: where one of pglab's does not fit its grammar, no label of
 * pglab's counts.
 */
export function fittingLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const all = Object.entries(labels);
  const isFitting = all.every(([key, value]) => !Object.hasOwn(FITS, key) || FITS[key]?.(value));
  return Object.fromEntries(isFitting ? all : all.filter(([key]) => !Object.hasOwn(FITS, key)));
}

const LONGEST_HOST = 253;

/** A name or an address of a machine, an IPv6 one without brackets. It begins with no dash: that is an option of ssh. */
export function isHost(text: string): boolean {
  if (text.length > LONGEST_HOST) return false;
  const isIPv6 = text.includes(':') && /^[0-9a-f:.]+$/i.test(text) && URL.canParse(`tcp://[${text}]`);
  return isIPv6 || /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(text);
}
