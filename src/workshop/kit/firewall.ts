/** What this machine's own firewall does to who comes in, as far as it can be read without guessing. */
import { hasTool, run } from '../../shell.ts';

/** `open`: nothing in it keeps connections out by default. `unseen`: it can only be read by root, or by no tool here. */
export type Firewall = { is: 'open' | 'closed' | 'unseen'; by: string };

/** For those who come to this port. */
export async function firewall(port: number): Promise<Firewall> {
  if (process.platform !== 'linux') return { is: 'unseen', by: process.platform };
  if (process.geteuid?.() !== 0) return { is: 'unseen', by: 'root' };
  const seen: Firewall[] = [];
  const isClosed = (rules: string) => closedInIptables(rules, port);
  if (hasTool('nft')) seen.push(await seenBy(['nft', 'list', 'ruleset'], closedInNft));
  if (hasTool('iptables')) seen.push(await seenBy(['iptables', '-S', 'INPUT'], isClosed));
  return (
    seen.find(({ is }) => is === 'closed') ??
    seen.find(({ is }) => is === 'open') ?? { is: 'unseen', by: 'nft' }
  );
}

async function seenBy(command: readonly string[], isClosed: (rules: string) => boolean): Promise<Firewall> {
  const by = command[0] ?? '';
  const { exitCode, stdout } = await run(command, { withinMs: 3_000 });
  if (exitCode !== 0) return { is: 'unseen', by };
  return { is: isClosed(stdout) ? 'closed' : 'open', by };
}

/** A chain at the hook `input` whose policy is drop, or which ends with a verdict against all. */
export function closedInNft(rules: string): boolean {
  const chains = rules.split(/^[ \t]{0,20}chain /m).filter((chain) => /hook input\b/.test(chain));
  return chains.some((chain) => /policy drop;/.test(chain) || chain.split('\n').some(closesToAll));
}

/** A verdict with no condition before it; it may be counted. */
function closesToAll(rule: string): boolean {
  const words = rule.trim().split(' ');
  const verdict = words.find((word) => !/^(?:counter|packets|bytes|\d{1,20})$/.test(word));
  return verdict === 'drop' || verdict === 'reject';
}

/** By the first rule that holds for all who come to the port, else by the policy of the chain. */
export function closedInIptables(rules: string, port: number): boolean {
  for (const rule of rules.split('\n')) {
    const words = rule.split(' ');
    const at = words.indexOf('-j');
    if (at < 0 || !rule.startsWith('-A INPUT ')) continue;
    const [condition, verdict = ''] = [words.slice(2, at).join(' '), words[at + 1]];
    const isForAll = condition === '' || condition.replace(' -m tcp', '') === `-p tcp --dport ${port}`;
    if (isForAll && /^(?:ACCEPT|DROP|REJECT)$/.test(verdict)) return verdict !== 'ACCEPT';
  }
  return /^-P INPUT DROP$/m.test(rules);
}
