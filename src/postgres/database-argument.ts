/**
 * The name of a database as an argument of Postgres's client, which takes some names for a connection string: those are
 * written as one, as in `dbname='a=b'`. Source: libpq's recognized_connection_string.
 */
export function databaseArgument(name: string): string {
  const isString = name.includes('=') || /^postgres(ql)?:\/\//.test(name);
  return isString ? `dbname='${name.replace(/[\\']/g, '\\$&')}'` : name;
}
