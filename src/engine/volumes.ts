/** Names of volumes: where nobody gave one, docker makes up 64 hex digits. */
export function isAnonymous(volume: string): boolean {
  return /^[0-9a-f]{64}$/.test(volume);
}

/** A mount of a volume that somebody gave a name. */
export function isNamedVolume({ type, source }: { type: string; source: string }): boolean {
  return type === 'volume' && !isAnonymous(source);
}
