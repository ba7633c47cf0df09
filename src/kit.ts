/**
 * What a lab is written with: `import { defineStep, running } from 'pglab'`. Where the description of a check names a list
 * of findings in capitals, the check's own `finds` has them all.
 */
export { changeSeen, folderMounted, settingFromOutside } from './checks/configuration.ts';
export { connectedOverTcp, noSocket, refusedConnection } from './checks/connections.ts';
export { fromImage, obtained, present, promises } from './checks/contract.ts';
export { detached } from './checks/detached.ts';
export { attached, endedCleanly, listened, readyTwice, refusedToStart } from './checks/foreground.ts';
export { answersInside, trustedInside } from './checks/inside.ts';
export { exposedOnly, ownAddress, unreachableFromHost } from './checks/isolated.ts';
export { clientSeesTheEnd, keepsAnswering, recovered, wasKilled } from './checks/isolation.ts';
export { leavesNothing, mountsFormer, volumeLeftBehind } from './checks/leftovers.ts';
export { NOT_PUBLISHED, onPublished } from './checks/on-published.ts';
export { onRunning, onStarted } from './checks/on-running.ts';
export { dataInside, mountedAtTarget, outlived, passwordIgnored } from './checks/persistence.ts';
export { answers, listenedOn, publishes } from './checks/published.ts';
export { holdsRow, lacksTable } from './checks/rows.ts';
export { running } from './checks/running.ts';
export { differentMajors, majorsCompared } from './checks/versions.ts';
export { NOT_RUNNING } from './checks/why-not-running.ts';
export { type Command, defineCheck, defineLab, defineStep } from './lab/model.ts';
export { type OwnKey, ownKey } from './lab/own-key.ts';
export type { Service } from './lab/service.ts';
export { met, notMet, unknown } from './lab/verdict.ts';
export { defineWorlds, type WrongWorld } from './lab/worlds.ts';
export { postgres } from './postgres/postgres.ts';
export { READY_FOR_ALL, READY_FOR_SET_UP } from './postgres/setup-log.ts';
