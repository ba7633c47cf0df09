/** A board of the tests with its page: real records, real sockets, seats that tell what a test wants. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Board, startBoard } from '../../src/workshop/board/board.ts';
import { codeOf } from '../../src/workshop/codes.ts';
import type { LeanEvent } from '../../src/workshop/lean.ts';
import { TIMES } from '../../src/workshop/protocol.ts';
import { Room, type RoomStep } from '../../src/workshop/room/room.ts';
import { openSite } from '../../src/workshop/site/open-site.ts';
import { openLogStore } from '../../src/workshop/store/log-store.ts';
import { newTicket, type Ticket } from '../../src/workshop/ticket.ts';
import { type Line, lineOfSeat, lineToJoin, newNonce } from '../seat-of-test.ts';
import type { Told } from '../unit/workshop-events.ts';
import { WireOfTest } from '../wire-of-test.ts';

const TITLES = {
  image: '镜像',
  'foreground-run': '前台运行',
  'detached-run': '后台运行',
  'isolated-port': '隔离的端口',
  'exec-psql': '进容器',
  'port-mapping': '端口映射',
  'three-connections': '三种连接',
  'two-versions': '两个版本',
  'failure-isolation': '故障隔离',
  disposable: '用完即弃',
  'volume-persistence': '卷',
  'config-outside': '外部配置',
};

export const STEPS: RoomStep[] = Object.entries(TITLES).map(([id, zh]) => ({
  id,
  title: { en: id.replaceAll('-', ' '), zh },
}));

export interface TestSeat {
  number: number;
  tell(...told: Told[]): Promise<void>;
  /** It is here from now on, until it hangs up. */
  sit(): Promise<() => void>;
}

export class BoardOfTest {
  readonly board: Board;
  readonly room: Room;
  page!: Awaited<ReturnType<typeof openSite>>;
  readonly #folder: string;
  readonly #ticket: Ticket;
  readonly #lines: Line[] = [];

  private constructor(parts: { board: Board; room: Room; folder: string; ticket: Ticket }) {
    this.board = parts.board;
    this.room = parts.room;
    this.#folder = parts.folder;
    this.#ticket = parts.ticket;
  }

  static async open(seats = 1000): Promise<BoardOfTest> {
    const folder = mkdtempSync(join(tmpdir(), 'pglab-board-page-'));
    const asked = { name: 'Postgres in Docker', lab: 'postgres-in-docker', seats, store: null, steps: STEPS };
    const ticket = newTicket({ ...asked, listen: { host: '127.0.0.1', port: 0 } });
    const room = new Room(STEPS, Date.now());
    const board = await startBoard({ ticket, store: await openLogStore(folder), room, version: '0.2.0' });
    const opened = new BoardOfTest({ board, room, folder, ticket });
    await opened.speak();
    return opened;
  }

  /** The page is served, at the same address each time. */
  async speak(): Promise<void> {
    const { room, board } = this;
    const join = () => 'pglab workshop join 192.168.1.20:8750 K7QM-2PDX';
    const site = { board, room, join, joinPicture: () => null };
    this.page = await openSite(site, { folder: this.#folder, content: '' });
  }

  /** The page is served no more; the board goes on. */
  async silence(): Promise<void> {
    await this.page.close();
  }

  async join(name: string | null): Promise<TestSeat> {
    const { port } = this.board;
    const nonce = newNonce();
    const code = codeOf(Buffer.from(this.#ticket.secret, 'hex'), 1, 'spoken');
    const join = await lineToJoin(port, code, this.#ticket.id);
    const asked = { nonce, pglab: '0.2.0', name, seat: null, managed: false };
    const { status, body } = await join.say('POST', '/api/1/seats', asked);
    join.end();
    if (status !== 200) throw new Error(`refused: ${status} ${JSON.stringify(body)}`);
    const line = lineOfSeat(port, body, nonce);
    this.#lines.push(line);
    return seatOn(line, body.seat);
  }

  async end(): Promise<void> {
    for (const line of this.#lines) line.end();
    await this.silence();
    await this.board.stop();
    rmSync(this.#folder, { recursive: true });
  }
}

/** One journal, told bit by bit. */
function seatOn(line: Line, number: number): TestSeat {
  const courier = newNonce();
  let through: { seq: number; mark: string | null; fork: number } = { seq: 0, mark: null, fork: 0 };
  return {
    number,
    async tell(...told) {
      const lean = told.map(
        (each, at) => ({ seq: through.seq + at + 1, at: '2026-11-27T00:00:00.000Z', ...each }) as LeanEvent,
      );
      const to = through.seq + told.length;
      const { seq: after, mark: afterMark, fork } = through;
      const mark = to.toString(16).padStart(8, '0');
      const range = { after, afterMark, fork, to, mark, lost: [], lean, more: 0, courier };
      const { status, body } = await line.bring(`j${number}`, range);
      if (status !== 200) throw new Error(`refused: ${status} ${JSON.stringify(body)}`);
      through = { seq: to, mark, fork };
    },
    async sit() {
      const wire = await line.wire({ courier });
      if (!(wire instanceof WireOfTest)) throw new Error(`refused: ${wire.status}`);
      // As a courier does: a seat that is not heard of is hung up on, also while it tells something.
      const beats = setInterval(() => wire.ask({ ask: 'beat', more: 0 }).catch(() => {}), TIMES.beat);
      void wire.ended.then(() => clearInterval(beats));
      return () => wire.socket.destroy();
    },
  };
}
