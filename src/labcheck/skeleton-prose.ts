/** The prose of a new lab, in both languages: each section says what belongs there by doing it. */
export const SKELETON_PROSE: Readonly<Record<string, string>> = {
  'content/01-clock.en.md': `# A clock

A container has a time zone of its own: it is told one, or it has none.

## goal

Have a container of \`{{image}}\` that lives in the time zone Asia/Shanghai.

## added

- \`labels\` five labels, so that \`pglab reset\` finds what is ours

## look

## prediction

What time zone has a container that nobody tells one?

- [ ] that of this machine
- [x] none: it counts in UTC
- [ ] that of the engine

A container has its own files and its own environment; neither says where you are.

## explanation

\`{{clock.short}}\` was made with \`-e TZ=Asia/Shanghai\`, and so every process in it reads
{{zone.zone}} from its environment.

## then and now

This has not changed since the article was written.

## checks

- \`running\` it runs
- \`zone\` it lives in Asia/Shanghai

## hints

1. What a container is to know goes into its environment.
2. The option is \`-e NAME=VALUE\`, and the name is TZ.
3. Run \`docker run -d -e TZ=Asia/Shanghai {{image}} sleep 900\`.
`,
  'content/01-clock.zh.md': `# 一只钟

容器有自己的时区：告诉它，它就有；不告诉，就没有。

## goal

起一个 \`{{image}}\` 的容器，时区是 Asia/Shanghai。

## added

- \`labels\` 五个标签，pglab reset 靠它们认出自己的东西

## look

## prediction

容器没有设过时区，用的是哪个时区？

- [ ] 这台机器的
- [x] 没有时区，按 UTC 算
- [ ] 运行 Docker 的那台机器的

容器有自己的文件和环境变量，里面都没有写你在哪个时区。

## explanation

\`{{clock.short}}\` 启动时带了 \`-e TZ=Asia/Shanghai\`，里面的每个进程从环境变量读到的都是
{{zone.zone}}。

## then and now

文章写成以来没有变化。

## checks

- \`running\` 它在跑
- \`zone\` 时区是 Asia/Shanghai

## hints

1. 要让容器知道什么，就写进它的环境变量。
2. 选项是 \`-e 名字=值\`，名字是 TZ。
3. 运行 \`docker run -d -e TZ=Asia/Shanghai {{image}} sleep 900\`。
`,
  'content/checks.en.md': `## in-time-zone

expected: a container that was told its time zone
seen: {{zone}}
`,
  'content/checks.zh.md': `## in-time-zone

expected: 容器知道自己的时区
seen: {{zone}}
`,
  'content/findings.en.md': `## no-time-zone

seen: its environment has no TZ
why: Without TZ a container counts in UTC.
go: Remove it, and run it again with -e TZ={{wanted}}.

## other-time-zone

seen: TZ is {{zone}}, not {{wanted}}
why: It was told another time zone when it was made; that stays as it is.
go: Remove it, and run it again with -e TZ={{wanted}}.
`,
  'content/findings.zh.md': `## no-time-zone

seen: 环境变量里没有 TZ
why: 没有 TZ，容器就按 UTC 算时间。
go: 删掉它，带上 -e TZ={{wanted}} 重新运行。

## other-time-zone

seen: TZ 是 {{zone}}，不是 {{wanted}}
why: 创建容器时给的是别的时区，之后不会变。
go: 删掉它，带上 -e TZ={{wanted}} 重新运行。
`,
};
