/** Processes that stand between a published port and a container, as far as they are known. */
const PROXIES =
  /^(docker-proxy|docker-pr|dockerd|rootlesskit|rootlessk|rootlessport|conmon|pasta|slirp4netns)/;

export function isProxy(process: string | null): boolean {
  return process !== null && PROXIES.test(process);
}
