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
/** One end of the pair that joins a container to a bridge. */
const END = /^veth[0-9a-f]{7}$/;

/** The engine adds it to the chain that people may write to. */
const LAST_FOR_USERS = '-A DOCKER-USER -j RETURN';

type Firewall = (typeof FIREWALLS)[number];

/** Lines as `iptables -S` writes them, by table. */
type Lines = Record<string, string[]>;

/** How this machine's network was before an engine came up. */
interface Before {
  /** The network namespace that this is about. */
  namespace: string;
  forwarding: string;
  /** Of each firewall that there is: the policy of its chain FORWARD, and by table the lines that are about Docker. */
  firewalls: Partial<Record<Firewall, { policy: string; lines: Lines }>>;
  bridges: string[];
  /** Pairs with both ends here, each by one of them; an older version remembered none. */
  pairs?: string[];
}

/** Remembers how the network is now. One that a killed engine left is not what was before: the older stays. */
export async function rememberNetwork(file: string): Promise<void> {
  const namespace = networkOf('self');
  if (namespace === null || (await remembered(file))?.namespace === namespace) return;
  const firewalls: Before['firewalls'] = {};
  for (const firewall of FIREWALLS.filter(hasTool)) {
    const lines = await listed(firewall, 'filter');
    const policy = lines.find((line) => line.startsWith('-P FORWARD '))?.split(' ')[2] ?? 'ACCEPT';
    firewalls[firewall] = { policy, lines: await linesAboutDocker(firewall) };
  }
  const before: Before = {
    namespace,
    forwarding: forwarding(),
    firewalls,
    bridges: bridges(),
    pairs: await pairs(),
  };
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
  for (const link of await newLinks(before)) await run(['ip', 'link', 'delete', link]);
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
  const { policy = 'ACCEPT', lines: were = {} } = firewalls[firewall] ?? {};
  const isNewBridge = (word: string) => BRIDGE.test(word) && !known.includes(word);
  for (const table of TABLES) {
    const lines = await listed(firewall, table);
    const before = were[table] ?? [];
    for (const line of lines.filter((each) => isAboutDocker(each) && !before.includes(each))) {
      const words = wordsOf(line).slice(1);
      // What a person wrote into DOCKER-USER meanwhile stays, where that chain was there before.
      const isPersons = words[0] === 'DOCKER-USER' && line !== LAST_FOR_USERS && !words.some(isNewBridge);
      if (!isPersons) await run([firewall, '-t', table, '-D', ...words]);
    }
    const gone = chainsIn(lines).filter((chain) => !chainsIn(before).includes(chain));
    for (const chain of gone) await run([firewall, '-t', table, '-F', chain]);
    for (const chain of gone) await run([firewall, '-t', table, '-X', chain]);
  }
  await putLinesBack(firewall, were);
  if (policy === 'ACCEPT') await run([firewall, '-P', 'FORWARD', 'ACCEPT']);
}

/** A rule that is in, or leads to, a chain or a bridge of Docker's names. */
function isAboutDocker(line: string): boolean {
  const [how, ...words] = wordsOf(line);
  return how === '-A' && words.some((word) => CHAIN.test(word) || BRIDGE.test(word));
}

/** Chains and rules about Docker: an engine that was there before, or a person, made them. */
async function linesAboutDocker(firewall: Firewall): Promise<Lines> {
  const found: Lines = {};
  for (const table of TABLES)
    found[table] = (await listed(firewall, table)).filter(
      (line) => isAboutDocker(line) || chainsIn([line]).length > 0,
    );
  return found;
}

/** An engine empties the chains of its names that it finds, but for DOCKER-USER. Chains come before their rules. */
async function putLinesBack(firewall: Firewall, before: Lines): Promise<void> {
  const now = await linesAboutDocker(firewall);
  for (const [table, lines] of Object.entries(before))
    for (const line of lines)
      if (!now[table]?.includes(line)) await run([firewall, '-t', table, ...wordsOf(line)]);
}

async function differences(before: Before): Promise<string[]> {
  const left: string[] = [];
  if (forwarding() !== before.forwarding) left.push(`ip_forward=${forwarding()}`);
  left.push(...(await newLinks(before)));
  for (const firewall of FIREWALLS.filter(hasTool)) {
    const { lines = {} } = before.firewalls[firewall] ?? {};
    for (const table of TABLES)
      for (const chain of chainsIn(await listed(firewall, table)))
        if (!chainsIn(lines[table] ?? []).includes(chain)) left.push(`${firewall} -t ${table} ${chain}`);
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

async function newLinks(before: Before): Promise<string[]> {
  const { bridges: were, pairs: paired = [] } = before;
  return [
    ...bridges().filter((each) => !were.includes(each)),
    ...(await pairs()).filter((each) => !paired.includes(each)),
  ];
}

/**
 * Pairs of which both ends are here, each by one of them: an engine that was killed while it took a container's end
 * back leaves such a one. A pair whose other end is in a container goes with that container's network.
 */
async function pairs(): Promise<string[]> {
  const { stdout } = await run(['ip', '-brief', 'link', 'show', 'type', 'veth']);
  return [...stdout.matchAll(/^(\w+)@(\w+)\s/gm)].flatMap(([, end = '', other = '']) =>
    END.test(end) && END.test(other) && end < other ? [end] : [],
  );
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
