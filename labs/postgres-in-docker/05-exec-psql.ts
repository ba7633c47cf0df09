import { answersInside, defineStep, running, trustedInside } from '../../src/kit.ts';

export default defineStep({
  id: 'exec-psql',
  needs: ['quiet'],
  commands: [
    {
      article: 'docker exec -it 3ac6e6a43546 bash',
      run: 'docker exec -i {{quiet.short}} bash',
      terminal: 'docker exec -it {{quiet.short}} bash',
      input: "psql -X -U postgres -c 'select version()'\n",
      readyFirst: 'quiet',
    },
    {
      article: 'psql -U postgres',
      run: "docker exec {{quiet.short}} psql -X -U postgres -Atc 'show server_version'",
    },
  ],
  checks: [running(['quiet']), answersInside('quiet'), trustedInside('quiet')],
});
