/** `pglab map --watch`: the map, drawn again in its place as the engine tells of a change. */
import { followPulse } from '../engine/pulse.ts';
import { textOf } from '../map/lanes.ts';
import { placesFor } from '../map/places.ts';
import { projectionOf } from '../map/projection.ts';
import { sceneOf } from '../map/scene.ts';
import { EngineSilence } from '../terminal/engine-silence.ts';
import { paintOn } from '../terminal/map-paint.ts';
import { Cancelled } from '../trouble.ts';
import type { Picture } from '../world/picture.ts';
import { Bell, ringAtEvents } from './bell.ts';
import type { Desk } from './desk.ts';
import { onInterrupt } from './signals.ts';
import type { Surveyor } from './surveying.ts';

/** For what no event tells: a server that is ready, somebody who connects, a process that listens. */
const HEARTBEAT_MS = 1_000;

/** Draws until it is interrupted. Where it cannot draw over what is there, each new map follows the one before. */
export async function watchMap(desk: Desk, surveyor: Surveyor): Promise<number> {
  const stop = new AbortController();
  const bell = new Bell();
  /** Nobody waits for an engine that says nothing. */
  let giveUp = () => {};
  const stopListening = onInterrupt(() => {
    stop.abort();
    bell.ring();
    giveUp();
    return false;
  });
  const ring = () => bell.ring();
  const heartbeat = setInterval(ring, HEARTBEAT_MS);
  process.stdout.on('resize', ring);
  const show = shower(desk, surveyor);
  try {
    followPulse(surveyor.engine, stop.signal, show.silence);
    ringAtEvents(surveyor.engine, bell, stop.signal);
    for (;;) {
      // What is new is shown before the servers are asked who is connected: that takes longer.
      const clients = !bell.isUrgent;
      bell.rest();
      const picture = await new Promise<Picture>((resolve, reject) => {
        giveUp = () => reject(new Cancelled());
        surveyor.look({ clients }).then(resolve, reject);
      });
      show.picture(picture);
      await bell.rung();
      // Before another look, for which a frozen engine would let it wait.
      if (stop.signal.aborted) throw new Cancelled();
    }
  } finally {
    clearInterval(heartbeat);
    process.stdout.off('resize', ring);
    stopListening();
    stop.abort();
    show.end();
  }
}

interface Shower {
  /** In place of the map before. */
  picture(picture: Picture): void;
  /** Seconds since the engine last answered; null: it answers. */
  silence(seconds: number | null): void;
  /** The last map stays. */
  end(): void;
}

function shower({ screen, content }: Desk, { named }: Surveyor): Shower {
  const say = content.say.bind(content, 'messages');
  const silence = new EngineSilence({ screen, content });
  let places: string[] = [];
  let last: string[] = [];
  const draw = () => {
    const under = silence.rows();
    const rows = (process.stderr.rows ?? last.length + under.length) - under.length;
    screen.live([...cutTo(rows, last), ...under]);
  };
  return {
    picture(picture) {
      const map = projectionOf(picture);
      places = placesFor(map, places);
      const lines = textOf(sceneOf(map, { say, named, places }), {
        columns: screen.columns,
        paint: paintOn(screen),
      });
      if (lines.join('\n') === last.join('\n')) return;
      last = lines;
      if (screen.isLive) draw();
      else for (const line of [...lines, '']) screen.line(line);
    },
    silence(seconds) {
      silence.take(seconds);
      draw();
    },
    end() {
      screen.live([]);
      if (screen.isLive) for (const line of last) screen.line(line);
    },
  };
}

/** What is higher than the window could not be drawn over. */
function cutTo(rows: number, lines: readonly string[]): string[] {
  return lines.length < rows ? [...lines] : [...lines.slice(0, Math.max(1, rows - 2)), '…'];
}
