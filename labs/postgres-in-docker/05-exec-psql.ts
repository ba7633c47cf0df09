import { answersInside, defineStep, running, trustedInside } from '../../src/kit.ts';

export default defineStep({
  id: 'exec-psql',
  needs: ['quiet'],
  commands: [
    {
      article: 'docker exec -it 3ac6e6a43546 bash\npsql -U postgres',
      run: `docker exec -i {{quiet.short}} bash <<< "psql -X -U postgres -c 'show server_version'"`,
      terminal: 'docker exec -it {{quiet.short}} bash',
      readyFirst: 'quiet',
      onVisit: ['answers-inside'],
    },
  ],
  checks: [running(['quiet']), answersInside('quiet'), trustedInside('quiet')],
});
