/** The key of a text that a lab brings itself, beside the shared ones: of a finding, a note, a kind of check. */
export type OwnKey = string & { readonly isOwn: true };

/** `ownKey('too-few-rows')`. Throws where it is anything else than lower-case words with hyphens between. */
export function ownKey(key: string): OwnKey {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(key))
    throw new Error(`"${key}" is no key: for instance too-few-rows`);
  return key as OwnKey;
}
