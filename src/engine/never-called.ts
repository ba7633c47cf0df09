/**
 * Stands in for what dockerode loads at once and pglab never calls: gRPC and protobuf for BuildKit sessions, what packs
 * a folder for a build, and an ssh of its own where the system's leads to the engine. More than half of what it takes to
 * load dockerode.
 * Put in their place by the build script.
 */
export {};
