import { type Command, changeSeen, defineStep, folderMounted, settingFromOutside } from '../../src/kit.ts';

const FOLDER = '/etc/postgresql';
/** Written beside the folder and renamed into it: what the folder has under that name, be it a link, is not written to. */
const IN_ITS_PLACE =
  '> {{folder}}/postgresql.conf && mv -f {{folder}}/postgresql.conf {{folder}}/config/postgresql.conf';
const COPY: Command = {
  only: 'remote',
  article: null,
  run: `docker cp {{folder}}/config/postgresql.conf {{configured.short}}:${FOLDER}/`,
};

/** There a folder of this machine would be on the wrong one: a volume stands in, filled by a copy. */
const ON_A_REMOTE_ENGINE: readonly Command[] = [
  {
    only: 'remote',
    article: null,
    run: 'docker volume create {{owned}} pglab-{{owner}}-config',
    createsVolume: 'config',
  },
  {
    only: 'remote',
    article: null,
    run: `docker create {{ours}} -v pglab-{{owner}}-config:${FOLDER} {{image}} -c config_file=${FOLDER}/postgresql.conf`,
    creates: 'configured',
  },
  COPY,
  { only: 'remote', article: null, run: 'docker start {{configured.short}}', ready: 'configured' },
];

export default defineStep({
  id: 'config-outside',
  commands: [
    {
      article: null,
      run: `umask 022 && mkdir -p {{folder}}/config && printf "listen_addresses = '*'\\nwork_mem = '8MB'\\n" ${IN_ITS_PLACE}`,
    },
    {
      only: 'local',
      article: null,
      run: `docker run -d {{ours}} -v {{folder}}/config:${FOLDER}:ro {{image}} -c config_file=${FOLDER}/postgresql.conf`,
      creates: 'configured',
      ready: 'configured',
    },
    ...ON_A_REMOTE_ENGINE,
    {
      article: null,
      run: `docker exec {{configured.short}} psql -X -U postgres -c 'show work_mem'`,
      proves: ['setting-seen'],
    },
    {
      article: null,
      run: `umask 022 && printf "listen_addresses = '*'\\nwork_mem = '32MB'\\n" ${IN_ITS_PLACE}`,
    },
    COPY,
    {
      article: null,
      run: `docker exec {{configured.short}} psql -X -U postgres -c 'show work_mem' -c 'select pg_reload_conf()'`,
      lookAt: { 'not-yet': /^ 8MB$/, told: /^ t$/ },
    },
    { article: null, run: `docker exec {{configured.short}} psql -X -U postgres -c 'show work_mem'` },
  ],
  world: { configured: { mountsAt: FOLDER } },
  checks: [
    folderMounted('configured', FOLDER),
    settingFromOutside('configured', 'work_mem', FOLDER),
    changeSeen('configured', 'work_mem', FOLDER),
  ],
});
