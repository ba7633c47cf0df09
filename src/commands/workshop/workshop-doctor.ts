import { existsSync, statfsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { dirname } from 'node:path';
import type { MessageKey } from '../../content-keys.ts';
import { urlPart } from '../../grammar.ts';
import { tarballsIn } from '../../image/obtain.ts';
import { emptyResult } from '../../report/result.ts';
import { Trouble, Usage } from '../../trouble.ts';
import type { Values } from '../../values.ts';
import { visibleValue } from '../../visible.ts';
import { standingOfBoard } from '../../workshop/board/asking-board.ts';
import { addressesOf, isInner } from '../../workshop/join-line.ts';
import { bandwidth, type Reached, reached } from '../../workshop/kit/board-reached.ts';
import { firewall } from '../../workshop/kit/firewall.ts';
import { readKit, sizeOf } from '../../workshop/kit/kit-list.ts';
import { readSeat } from '../../workshop/seat/seat-file.ts';
import { openTicket, type Ticket } from '../../workshop/ticket.ts';
import type { Desk } from '../desk.ts';
import { drawFinding } from '../doctor.ts';
import type { Finding } from '../examination.ts';
import { printed } from '../printed.ts';
import { boardAddress } from './board-address.ts';
import { kitFolder } from './kit-verbs.ts';

/** Looks at what a workshop needs, at either end. Exit 2 where something keeps it from working. */
export async function workshopDoctor(desk: Desk, [given, ...more]: readonly string[]): Promise<number> {
  const ticket = openTicket(desk.settings.home);
  if (more.length > 0) throw new Usage('bad-address', { address: [given, ...more].join(' ') });
  const address = given === undefined ? given : boardAddress(given);
  const joined = readSeat(desk.settings.home).now?.addresses[0];
  const board = address ?? (ticket === null ? joined : undefined);
  if (board === undefined && ticket === null) throw new Trouble('workshop-doctor-where');
  const lines: Finding[] = [];
  const looks = board === undefined && ticket ? ofInstructor(desk, ticket) : ofSeat(desk, board ?? '');
  for await (const line of looks) {
    lines.push(line);
    if (desk.settings.format === 'text') drawFinding(desk, line);
  }
  const isBad = lines.some(({ state }) => state === 'bad');
  const outcome = isBad ? ('unknown' as const) : ('met' as const);
  const result = { ...emptyResult(desk.folders.id, desk.run), outcome };
  printed(desk, result, { workshop: { doctor: lines } }, () => {});
  return isBad ? 2 : 0;
}

async function* ofInstructor(desk: Desk, ticket: Ticket): AsyncGenerator<Finding> {
  const standing = await standingOfBoard(ticket);
  const isServing = standing !== null;
  yield isServing
    ? line(desk, 'board', 'good', 'wdoctor-board', { id: ticket.id })
    : line(desk, 'board', 'bad', 'wdoctor-no-board', { id: ticket.id });
  if (standing?.trouble) yield line(desk, 'board', 'bad', 'wdoctor-unstored', { why: standing.trouble });
  if (isServing) yield* addresses(desk, ticket);
  const { is, by } = await firewall(ticket.listen.port);
  const values = { by, port: ticket.listen.port };
  if (is === 'open') yield line(desk, 'firewall', 'good', 'wdoctor-firewall-open', values);
  if (is === 'closed') yield line(desk, 'firewall', 'note', 'wdoctor-firewall-closed', values);
  if (is === 'unseen') yield line(desk, 'firewall', 'note', 'wdoctor-firewall-unseen', values);
  yield line(desk, 'network', 'note', 'wdoctor-isolation', { address: addressesOf(ticket)[0] ?? '' });
  const kit = readKit(kitFolder(desk));
  const hasImages = kit?.files.some(({ kind }) => kind === 'image') === true;
  yield kit && hasImages
    ? line(desk, 'kit', 'good', 'wdoctor-kit', { mb: Math.round(sizeOf(kit) / 1e6) })
    : line(desk, 'kit', 'note', 'wdoctor-no-kit');
  yield room(desk);
}

/** A connection to each address of this machine, as a seat would make it. */
async function* addresses(desk: Desk, { id, listen: { host, port } }: Ticket): AsyncGenerator<Finding> {
  const isAny = /^(|0\.0\.0\.0|::)$/.test(host);
  const own = Object.entries(networkInterfaces()).flatMap(([name, all = []]) =>
    all
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => ({ name, address })),
  );
  const meant = isAny ? own : [{ name: host, address: host }];
  if (!meant.some(({ name }) => !isInner(name))) yield line(desk, 'address', 'note', 'wdoctor-no-network');
  for (const { name, address } of meant) {
    const at = `${address.includes(':') ? urlPart(address) : address}:${port}`;
    const seen = await reached(at);
    // Nobody of the room would come that way, and nobody misses it.
    if (!seen.answers && isInner(name)) continue;
    const values = { address: at, name, why: seen.answers ? '' : visibleValue(seen.why) };
    if (seen.answers && seen.workshop !== id)
      yield line(desk, 'address', 'bad', 'wdoctor-address-other', values);
    else if (!seen.answers) yield line(desk, 'address', 'bad', 'wdoctor-address-closed', values);
    else if (isInner(name)) yield line(desk, 'address', 'note', 'wdoctor-address-inner', values);
    else yield line(desk, 'address', 'good', 'wdoctor-address', values);
  }
}

/** Clocks may differ as they like: the board's counts. From here on it is worth a word. */
const CLOCK_MS = 60_000;
const SLOW_MBITS = 20;

async function* ofSeat(desk: Desk, address: string): AsyncGenerator<Finding> {
  const seen = await reached(address);
  yield answering(desk, address, seen);
  if (seen.answers) {
    const seconds = Math.round(seen.clockMs / 1_000);
    yield Math.abs(seen.clockMs) > CLOCK_MS
      ? line(desk, 'clock', 'note', 'wdoctor-clock-off', { seconds })
      : line(desk, 'clock', 'good', 'wdoctor-clock', { seconds });
    const speed = await bandwidth(address);
    const values = { mbits: Math.round(speed ?? 0) };
    if (speed === null) yield line(desk, 'speed', 'note', 'wdoctor-speed-unknown');
    else if (speed < SLOW_MBITS) yield line(desk, 'speed', 'note', 'wdoctor-speed-slow', values);
    else yield line(desk, 'speed', 'good', 'wdoctor-speed', values);
  }
  const majors = tarballsIn(desk.settings.tarballs).map(({ major }) => major);
  yield majors.length > 0
    ? line(desk, 'images', 'good', 'wdoctor-images', { majors: majors.join(', ') })
    : line(desk, 'images', 'note', 'wdoctor-no-images', { address });
  yield room(desk);
}

function answering(desk: Desk, address: string, seen: Reached): Finding {
  if (seen.answers)
    return line(desk, 'board', 'good', 'wdoctor-reached', {
      address,
      workshop: seen.workshop,
      ms: seen.tookMs,
    });
  const values = { address, why: visibleValue(seen.why) };
  return line(desk, 'board', 'bad', seen.isOther ? 'wdoctor-other-answers' : 'wdoctor-unreached', values);
}

const NEEDED = 3e9;

function room(desk: Desk): Finding {
  let folder = desk.settings.home;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const values = { free: ((bavail * bsize) / 1e9).toFixed(1), home: desk.settings.home };
  return bavail * bsize < NEEDED
    ? line(desk, 'disk', 'note', 'doctor-disk-low', values)
    : line(desk, 'disk', 'good', 'doctor-disk', values);
}

/** With its mend, where there is one. */
function line(
  { content }: Desk,
  what: string,
  state: Finding['state'],
  key: MessageKey,
  values: Values = {},
): Finding {
  const hasFix = content.find('messages', key, 'fix') !== null;
  const fix = hasFix ? content.say('messages', key, values, 'fix') : null;
  return { what, state, text: content.say('messages', key, values), fix };
}
