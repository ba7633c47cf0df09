/** What a lab is written with: `import { defineStep, running } from 'pglab'`. */
export { changeSeen, folderMounted, settingFromOutside } from './checks/configuration.ts';
export {
  connectedOverTcp,
  majorsCompared,
  noSocket,
  refusedConnection,
} from './checks/connections.ts';
export { obtained, present, promises } from './checks/contract.ts';
export { detached, exposedOnly, fromImage } from './checks/detached.ts';
export { attached, endedCleanly, listened, readyTwice, refusedToStart } from './checks/foreground.ts';
export { answersInside, holdsRow, lacksTable, trustedInside } from './checks/inside.ts';
export { ownAddress, unreachableFromHost } from './checks/isolated.ts';
export { clientSeesTheEnd, keepsAnswering, recovered, wasKilled } from './checks/isolation.ts';
export { leavesNothing, mountsFormer, volumeLeftBehind } from './checks/leftovers.ts';
export { dataInside, mountedAtTarget, outlived, passwordIgnored } from './checks/persistence.ts';
export { answers, listenedOn, publishes } from './checks/published.ts';
export { running } from './checks/running.ts';
export { differentMajors } from './checks/versions.ts';
export { type Command, defineLab, defineStep } from './lab/model.ts';
export { type OwnKey, ownKey } from './lab/own-key.ts';
