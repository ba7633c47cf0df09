import {
  attached,
  defineStep,
  endedCleanly,
  listened,
  READY_FOR_ALL,
  READY_FOR_SET_UP,
  readyTwice,
  refusedToStart,
} from '../../src/kit.ts';

export default defineStep({
  id: 'foreground-run',
  commands: [
    {
      article: 'docker run postgres',
      run: 'docker run {{bare}} {{image}}',
      creates: 'refused',
      exits: [1],
      lookAt: { refused: /superuser password is not specified/ },
    },
    {
      article: 'docker run postgres',
      run: 'docker run {{ours}} {{image}}',
      creates: 'foreground',
      foreground: true,
      lookAt: {
        'first-ready': READY_FOR_SET_UP,
        complete: /init process complete/,
        ipv4: /listening on IPv4 address/,
        socket: /\[1\] LOG: {2}listening on Unix socket/,
        'second-ready': READY_FOR_ALL,
        stopped: /\[1\] LOG: {2}received fast shutdown request/,
      },
    },
    {
      article: null,
      run: "docker container ps -a --format 'table {{.ID}}\\t{{.Names}}\\t{{.Status}}'",
      illustrates: true,
      lookAt: {
        'ended-refused': { unpublished: /\bExited \(1\)/ },
        'ended-well': { unpublished: /\bExited \(0\)/ },
      },
    },
  ],
  world: { refused: { password: 'none', ended: true }, foreground: { password: 'given', ended: true } },
  passing: true,
  checks: [
    refusedToStart('refused'),
    attached('foreground'),
    listened('foreground'),
    readyTwice('foreground'),
    endedCleanly('foreground'),
  ],
});
