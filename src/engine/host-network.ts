/**
 * What an engine changes in this machine's network, and never takes back: it turns forwarding on, lets the
 * firewall drop what is forwarded, adds chains, rules and bridges. What was there before is remembered, and put
 * back when the engine has ended.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasTool, run } from '../shell.ts';
import { networkOf } from './processes.ts';

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';
const FIREWALLS = ['iptables', 'ip6tables'] as const;
const TABLES = ['filter', 'nat'] as const;
/** Chains and bridges that Docker Engine makes. Source: libnetwork's names. */
const CHAIN = /^DOCKER(-[A-Z0-9-]+)?$/;
const BRIDGE = /^(docker0|docker_gwbridge|br-[0-9a-f]{12})$/;

type Firewall = (typeof FIREWALLS)[number];

/** How this machine's network was before an engine came up. */
interface Before {
  /** The network namespace that this is about. */
  namespace: string;
  forwarding: string;
  /** The policy of the chain FORWARD, and the chains of Docker's names, of each firewall that there is. */
  firewalls: Partial<Record<Firewall, { policy: string; chains: string[] }>>;
  bridges: string[];
}

/** Remembers how the network is now. One that a killed engine left is not what was before: the older stays. */
export async function rememberNetwork(file: string): Promise<void> {
  const namespace = networkOf('self');
  if (namespace === null || (await remembered(file))?.namespace === namespace) return;
  const firewalls: Before['firewalls'] = {};
  for (const firewall of FIREWALLS.filter(hasTool)) {
    const lines = await listed(firewall, 'filter');
    const policy = lines.find((line) => line.startsWith('-P FORWARD '))?.split(' ')[2] ?? 'ACCEPT';
    firewalls[firewall] = { policy, chains: chainsIn(lines) };
  }
  const before: Before = { namespace, forwarding: forwarding(), firewalls, bridges: bridges() };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(before));
  await rename(`${file}.new`, file);
}

/**
 * Puts back what was before. Returns, as words of a firewall or of /proc, what could not be; empty where all is
 * as it was, or where nothing was remembered for this network.
 */
export async function putNetworkBack(file: string): Promise<string[]> {
  const before = await remembered(file);
  if (before === null || before.namespace !== networkOf('self')) return [];
  for (const firewall of FIREWALLS.filter(hasTool)) await clearFirewall(firewall, before);
  for (const bridge of bridges())
    if (!before.bridges.includes(bridge)) await run(['ip', 'link', 'delete', bridge]);
  if (before.forwarding === '0') writeFileSync(FORWARDING, '0');
  const left = await differences(before);
  await rm(file, { force: true });
  return left;
}

async function remembered(file: string): Promise<Before | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Before;
  } catch {
    return null;
  }
}

/** Rules that lead to Docker's chains or bridges first: a chain that is led to cannot go. */
async function clearFirewall(firewall: Firewall, { firewalls, bridges: known }: Before): Promise<void> {
  const { policy = 'ACCEPT', chains = [] } = firewalls[firewall] ?? {};
  const isNew = (word: string) =>
    (CHAIN.test(word) && !chains.includes(word)) || (BRIDGE.test(word) && !known.includes(word));
  for (const table of TABLES) {
    const lines = await listed(firewall, table);
    for (const [how, ...words] of lines.map(wordsOf))
      if (how === '-A' && words.some(isNew)) await run([firewall, '-t', table, '-D', ...words]);
    const gone = chainsIn(lines).filter((chain) => !chains.includes(chain));
    for (const chain of gone) await run([firewall, '-t', table, '-F', chain]);
    for (const chain of gone) await run([firewall, '-t', table, '-X', chain]);
  }
  if (policy === 'ACCEPT') await run([firewall, '-P', 'FORWARD', 'ACCEPT']);
}

async function differences(before: Before): Promise<string[]> {
  const left: string[] = [];
  if (forwarding() !== before.forwarding) left.push(`ip_forward=${forwarding()}`);
  for (const bridge of bridges()) if (!before.bridges.includes(bridge)) left.push(bridge);
  for (const firewall of FIREWALLS.filter(hasTool)) {
    const { chains = [] } = before.firewalls[firewall] ?? {};
    for (const table of TABLES)
      for (const chain of chainsIn(await listed(firewall, table)))
        if (!chains.includes(chain)) left.push(`${firewall} -t ${table} ${chain}`);
  }
  return left;
}

/** As `iptables -S` writes them: a policy (-P), a chain (-N) or a rule (-A) a line. */
async function listed(firewall: Firewall, table: string): Promise<string[]> {
  const { stdout } = await run([firewall, '-t', table, '-S']);
  return stdout.split('\n').filter((line) => line.startsWith('-'));
}

function chainsIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [how, chain = ''] = line.split(' ');
    return how === '-N' && CHAIN.test(chain) ? [chain] : [];
  });
}

/** Words of a rule; a comment may be quoted, and have spaces. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|\S+/g)].map(([word, inside]) => inside ?? word);
}

/** From /proc and not from /sys: a mounted /sys shows the network that it was mounted in. */
function bridges(): string[] {
  const table = readFileSync('/proc/self/net/dev', 'utf8');
  return [...table.matchAll(/^ *(\S+):/gm)]
    .flatMap(([, name = '']) => (BRIDGE.test(name) ? [name] : []))
    .sort();
}

function forwarding(): string {
  try {
    return readFileSync(FORWARDING, 'utf8').trim();
  } catch {
    return '';
  }
}
