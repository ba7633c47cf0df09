/** Where a query goes. `host` is a name, an address, or the folder of a unix socket. */
export interface Target {
  host: string;
  port: number;
  user: string;
  database: string;
  /** Absent: none is offered. */
  password?: string;
}

/**
 * What came of a query. `cause` is the SQLSTATE (28P01, 57P03 …), the system's code (ECONNREFUSED,
 * ENOENT …), or one of `no-password`, `closed`, `timeout`, `no-psql`, `failed`.
 */
export type Answer = { ok: true; rows: string[][] } | { ok: false; cause: string; message: string };

/** A connection that stays: for a client that keeps asking while something happens to a server. */
export interface Session {
  ask(sql: string): Promise<Answer>;
  end(): Promise<void>;
}
