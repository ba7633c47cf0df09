import { defineStep, detached, exposedOnly, fromImage, READY_FOR_ALL, running } from '../../src/kit.ts';

export default defineStep({
  id: 'detached-run',
  commands: [
    { article: 'docker run -d postgres', run: 'docker run -d {{ours}} {{image}}', creates: 'quiet' },
    {
      article: 'docker container ps',
      run: "docker container ps --format 'table {{.ID}}\\t{{.Names}}\\t{{.Status}}\\t{{.Ports}}'",
      lookAt: { 'no-door': { unpublished: /(?<!->)\b5432\/tcp/ } },
    },
    {
      article: null,
      run: 'docker run -d {{bare}} {{image}} && echo "exit code $?"',
      creates: 'unseen',
      // It has ended by the time that anybody looks, and is not mended for it.
      exits: [0],
      lookAt: { 'exit-code': /^exit code 0$/ },
    },
    {
      article: null,
      run: "docker wait {{unseen.short}} && docker container ps -a --filter id={{unseen.short}} --format 'table {{.ID}}\\t{{.Status}}'",
      illustrates: true,
      lookAt: { unseen: /\bExited \(1\)/ },
    },
    {
      article: null,
      run: 'docker logs --tail 3 {{quiet.short}}',
      readyFirst: 'quiet',
      illustrates: true,
      lookAt: { ready: READY_FOR_ALL },
    },
    { article: null, run: 'docker top {{quiet.short}} -eo pid,ppid,args', illustrates: true },
    {
      article: null,
      run: "docker inspect --format '{{.State.Pid}}' {{quiet.short}} | xargs -I% ps -o pid,ppid,args -p % --ppid %",
      illustrates: true,
      needsTool: 'ps',
    },
  ],
  world: { quiet: { publishes: {} } },
  checks: [running(['quiet']), detached('quiet'), fromImage('quiet'), exposedOnly('quiet', 5432)],
});
