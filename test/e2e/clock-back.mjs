/** Loaded before pglab: its clock stands a year before the one of everybody else. */
const YEAR_MS = 365 * 24 * 3600 * 1000;
const Right = Date;
globalThis.Date = class extends Right {
  constructor(...given) {
    if (given.length > 0) super(...given);
    else super(Right.now() - YEAR_MS);
  }
  static now() {
    return Right.now() - YEAR_MS;
  }
};
