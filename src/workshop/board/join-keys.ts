import { codeOf, type Identity, joinKey } from '../codes.ts';

type Joiner = Extract<Identity, { is: 'join' }>;

interface OfGroup extends Partial<Record<Joiner['kind'], Buffer>> {
  epoch: number;
  made: Promise<void>;
}

/** The keys of a group's codes: to stretch one takes a while, so it is done once, when the group begins. */
export class JoinKeys {
  readonly #workshop: string;
  readonly #secret: Buffer;
  #group: OfGroup | null = null;

  constructor(workshop: string, secret: Buffer) {
    this.#workshop = workshop;
    this.#secret = secret;
  }

  /** Of the group that is here, and of no other. */
  of({ epoch, kind }: Joiner): Buffer | null {
    return (this.#group?.epoch === epoch ? this.#group[kind] : null) ?? null;
  }

  /** Resolves once this group's are there. */
  make(epoch: number): Promise<void> {
    if (this.#group?.epoch === epoch) return this.#group.made;
    const group: OfGroup = { epoch, made: Promise.resolve() };
    this.#group = group;
    const stretched = (kind: Joiner['kind']) =>
      joinKey(codeOf(this.#secret, epoch, kind), this.#workshop, epoch);
    group.made = (async () => {
      group.spoken = await stretched('spoken');
      group.scanned = await stretched('scanned');
    })();
    return group.made;
  }
}
