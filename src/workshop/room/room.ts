/**
 * What a board shows, folded from its records: the same after a restart as before, but for who is there, which no record
 * tells. All times are the board's clock.
 *
 *     const room = new Room(steps, Date.now());
 *     for await (const records of store.replay()) for (const record of records) room.take(record);
 *     room.present(7, Date.now());
 *     room.view(Date.now()).needsYou; // [12, 3]
 */
import type { BoardNews, BoardView, RoomState, SeatView } from '../board-schema.ts';
import type { BoardRecord } from '../records.ts';
import { Group, type GroupKept } from './group.ts';
import { inOrder, needOf } from './needs.ts';
import type { Proof, Proved, Seat } from './seat.ts';
import { rowOf, type SeatStory, stepsOf, storyOf } from './seat-row.ts';
import { isDone } from './step-walk.ts';

/** A step of the lab, with its title by language. */
export type RoomStep = RoomState['steps'][number];

/** What is made of a record: to be raised where that changes, or what is kept of it. */
export const FOLD = 1;

export interface RoomKept {
  workshop: { id: string; name: string };
  batch: number;
  epoch: number;
  groups: GroupKept[];
}

export class Room {
  /** The line to join with, for the wall; and seats of a group at most, 0: nobody has said. */
  join = '';
  most = 0;
  readonly #steps: readonly RoomStep[];
  readonly #order: ReadonlyMap<string, number>;
  readonly #groups = new Map<number, Group>();
  readonly #startedMs: number;
  #group: Group;
  #workshop = { id: '', name: '' };
  #batch = 0;
  #version = 0;
  #toldRoom = '';

  /** `now`: milliseconds; a seat that was not seen since counts as away from then on. */
  constructor(steps: readonly RoomStep[], now: number) {
    this.#steps = steps;
    this.#order = new Map(steps.map(({ id }, at) => [id, at]));
    this.#startedMs = now;
    this.#group = this.#groupOf(1);
  }

  kept(): RoomKept {
    const groups = [...this.#groups.values()].map((group) => group.kept());
    return { workshop: this.#workshop, batch: this.#batch, epoch: this.#group.epoch, groups };
  }

  /** Goes on from what a room kept, in place of the records before. */
  recall({ workshop, batch, epoch, groups }: RoomKept): void {
    [this.#workshop, this.#batch] = [workshop, batch];
    for (const group of groups) this.#groups.set(group.epoch, Group.of(group, this.#order));
    this.#group = this.#groupOf(epoch);
  }

  take(record: BoardRecord): void {
    this.#batch += 1;
    const now = Date.parse(record.at);
    if (record.type === 'opened') this.#workshop = { id: record.workshop, name: record.name };
    const group = this.#groupOf(record.epoch);
    for (const proof of group.take(record, { now, batch: this.#batch }))
      if (record.type === 'range') this.#prove(group, record.seat, proof, now);
    const next = record.type === 'reset-wanted' && record.next ? record.epoch + 1 : record.epoch;
    if (next > this.#group.epoch) this.#begin(this.#groupOf(next));
  }

  /** A seat of the group that is here is connected; of one that is not known nothing is kept. */
  present(seat: number, now: number): void {
    this.#move(seat, true, now);
  }

  absent(seat: number, now: number): void {
    this.#move(seat, false, now);
  }

  /** How many lines a seat has that the board has not; null: nobody knows. Returns whether that is new. */
  behind(seat: number, lines: number | null): boolean {
    const known = this.#group.seats.get(seat);
    if (!known || known.behind === lines) return false;
    known.behind = lines;
    this.#group.changed.add(seat);
    return true;
  }

  /** `epoch`: of an earlier group; the newest, if none is named. */
  view(now: number, epoch = this.#group.epoch): BoardView {
    const group = this.#groups.get(epoch) ?? this.#group;
    this.#look(group, now);
    return {
      ...this.#workshop,
      group: group.epoch,
      time: new Date(now).toISOString(),
      seats: this.#inOrder(group).map((seat) => this.#row(group, seat, now)),
      needsYou: this.#needs(group, now),
      steps: this.#counts(group),
    };
  }

  /** All there is, for a page that has just come. */
  whole(now: number): BoardNews {
    const board = this.view(now);
    const seats = this.#inOrder(this.#group).map((seat) => stepsOf(seat));
    return { type: 'whole', version: this.#version, board, seats, room: this.#state(this.#group, now) };
  }

  /** What has changed since it was last asked. Who is stuck by the clock alone is found here: ask once a second. */
  news(now: number): BoardNews[] {
    const group = this.#group;
    this.#look(group, now);
    const news: BoardNews[] = [];
    const seats = [...group.changed].sort((a, b) => a - b).flatMap((number) => group.seats.get(number) ?? []);
    const gone = [...group.gone];
    group.changed.clear();
    group.gone.clear();
    const rows = seats.map((seat) => ({ ...this.#row(group, seat, now), ...stepsOf(seat) }));
    if (rows.length + gone.length > 0) {
      const time = new Date(now).toISOString();
      this.#version += 1;
      news.push({ type: 'changed', version: this.#version, time, seats: rows, gone });
    }
    const needsYou = this.#needs(group, now);
    const steps = this.#counts(group);
    const told = JSON.stringify([group.epoch, needsYou, steps, this.join, this.most]);
    if (told === this.#toldRoom && !group.isSet) return news;
    this.#toldRoom = told;
    group.isSet = false;
    this.#version += 1;
    news.push({ type: 'room', version: this.#version, needsYou, steps, room: this.#state(group, now) });
    return news;
  }

  /** Of the last reset that was asked for, by seat: what each has proved. Null: none was. */
  proof(): { epoch: number; seats: ({ seat: number; name: string } & Proof)[] } | null {
    for (const group of [...this.#groups.values()].sort((a, b) => b.epoch - a.epoch)) {
      const asked = this.#inOrder(group).filter((seat) => seat.proof !== null);
      const seats = asked.flatMap(({ number: seat, name, proof }) =>
        proof ? [{ seat, name, ...proof }] : [],
      );
      if (seats.length > 0) return { epoch: group.epoch, seats };
    }
    return null;
  }

  /** Of a seat of the newest group; null where there is none. */
  story(number: number, now: number): SeatStory | null {
    const seat = this.#group.seats.get(number);
    return seat ? storyOf(seat, now) : null;
  }

  /** What was set for the newest group. */
  state(now: number): RoomState {
    return this.#state(this.#group, now);
  }

  get epoch(): number {
    return this.#group.epoch;
  }

  #groupOf(epoch: number): Group {
    const known = this.#groups.get(epoch);
    if (known) return known;
    const group = new Group(epoch, this.#order);
    this.#groups.set(epoch, group);
    return group;
  }

  /** The next group comes to an empty room. */
  #begin(group: Group): void {
    for (const number of this.#group.seats.keys()) group.gone.add(number);
    for (const number of group.seats.keys()) group.gone.delete(number);
    this.#group = group;
  }

  /** A proof for the next group belongs to the seat of the group before it, which it was asked of. */
  #prove(group: Group, seat: number, proof: Proved, now: number): void {
    group.prove(seat, proof, now);
    this.#groups.get(proof.epoch - 1)?.prove(seat, proof, now);
  }

  #move(number: number, isHere: boolean, now: number): void {
    const seat = this.#group.seats.get(number);
    if (!seat || seat.hasLeft || seat.isHere === isHere) return;
    Object.assign(seat, { isHere, stateSinceMs: now });
    this.#group.changed.add(number);
  }

  #look({ seats, medians, changed }: Group, now: number): void {
    for (const seat of seats.values()) {
      if (seat.look(now, (step) => medians.of(step))) changed.add(seat.number);
      if (!seat.isHere && !seat.hasLeft && seat.stateSinceMs < this.#startedMs)
        Object.assign(seat, { stateSinceMs: this.#startedMs });
    }
  }

  #row(group: Group, seat: Seat, now: number): SeatView {
    const before = this.#groups.get(group.epoch - 1)?.seats.get(seat.number)?.proof ?? null;
    return rowOf(seat, before, now);
  }

  #inOrder({ seats }: Group): Seat[] {
    return [...seats.values()].sort((a, b) => a.number - b.number);
  }

  #needs(group: Group, now: number): number[] {
    if (group.closed) return [];
    const needs = [];
    for (const seat of group.seats.values()) {
      const need = needOf(seat, now, (each) => this.#isFinished(each));
      if (need) needs.push({ seat: seat.number, ...need });
    }
    return inOrder(needs);
  }

  #isFinished({ steps }: Seat): boolean {
    return this.#steps.every(({ id }) => {
      const step = steps.get(id);
      return step !== undefined && isDone(step);
    });
  }

  #counts({ seats }: Group): BoardView['steps'] {
    const counts = this.#steps.map(({ id }) => ({ id, done: 0, stuck: 0, working: 0 }));
    for (const seat of seats.values()) {
      if (seat.hasLeft) continue;
      for (const step of seat.steps.values()) {
        const count = counts[this.#order.get(step.id) ?? -1];
        if (!count) continue;
        if (isDone(step)) count.done += 1;
        else if (step.id !== seat.known.step) continue;
        else if (seat.known.outcome === 'working') count.working += 1;
        else count.stuck += 1;
      }
    }
    return counts;
  }

  #state({ pace, said, locked, closed }: Group, now: number): RoomState {
    const heard = said && { text: said.text, sinceMs: Math.max(0, now - said.atMs) };
    return { pace, said: heard, locked, closed, join: this.join, most: this.most, steps: [...this.#steps] };
  }
}
